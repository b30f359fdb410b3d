import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { caesSync, configFile } from '../support/cli.js'
import { freePort } from '../support/free-port.js'
import { idsOf } from '../support/ids.js'
import { openPair, type PairFixture } from '../support/pair-fixture.js'

interface Found {
  readonly part: string
  readonly severity: string
  readonly what: string
  readonly mend?: string
}

describe('doctor', () => {
  let pair: PairFixture
  let file: ReturnType<typeof configFile>
  const doctor = async (...args: string[]) => {
    const { code, stdout } = await caesSync(['doctor', '--json', '-c', file.path, ...args])
    return { code, ...(JSON.parse(stdout) as { ok: boolean; findings: Found[] }) }
  }
  beforeAll(async () => {
    pair = await openPair({
      timestampColumn: 'bigint',
      columns: 'name text, age int, flag boolean, note text',
      mappings: {
        properties: {
          timestamp: { type: 'long' },
          name: { type: 'keyword' },
          age: { type: 'integer' },
          flag: { type: 'boolean' },
          extra: { type: 'long' },
        },
      },
    })
    file = configFile(pair.configText)
    await pair.cassandra.execute(
      `ALTER TABLE ${pair.name}.ts WITH default_time_to_live = 3600 AND gc_grace_seconds = 10800`,
    )
  })
  afterAll(async () => {
    file.remove()
    await pair.close()
  })
  const ofPair = ({ findings }: { findings: Found[] }): string[] =>
    findings.filter(({ part }) => part === 'pair default').map(({ severity, what }) => `${severity}: ${what}`)

  test('finds nothing broken in a pair that works, and names what could be better', async () => {
    const found = await doctor()
    expect(found).toMatchObject({ code: 0, ok: true })
    expect(ofPair(found)).toEqual([
      'warning: the column "note" has no mapping',
      'warning: the field "extra" has no column',
      `warning: the keyspace "${pair.name}" is kept once (replication factor 1)`,
    ])
    expect(found.findings.find(({ what }) => what.includes('extra'))?.mend).toBe(
      `ALTER TABLE ${pair.name}.data ADD "extra" bigint;`,
    )
  })

  test('what mends a finding mends it', async () => {
    const { findings } = await doctor()
    for (const { mend } of findings.filter(({ mend }) => mend?.startsWith('ALTER TABLE')))
      await pair.cassandra.execute(mend!)
    const body = /-d '(.*)'$/.exec(findings.find(({ what }) => what.includes('note'))!.mend!)![1]!
    await pair.elasticsearch.indices.putMapping({ index: pair.name, ...(JSON.parse(body) as object) })
    expect(ofPair(await doctor())).toEqual([`warning: the keyspace "${pair.name}" is kept once (replication factor 1)`])
  })

  test('documents that break the contract, and entries that expire too early, are broken', async () => {
    const [a, b] = idsOf(2, 'doctor') as [string, string]
    await pair.indexText(a, 10, JSON.stringify({ timestamp: 9 }))
    await pair.indexText(b, 10, JSON.stringify({ name: 'no timestamp' }))
    await pair.elasticsearch.indices.refresh({ index: pair.name })
    await pair.cassandra.execute(`ALTER TABLE ${pair.name}.ts WITH default_time_to_live = 20`)
    const found = await doctor()
    expect(found).toMatchObject({ code: 1, ok: false })
    expect(ofPair(found).slice(0, 3)).toEqual([
      `warning: 1 of 2 documents of "${pair.name}" have no field "timestamp"`,
      'broken: in 1 of 1 documents that were looked at, _version and "timestamp" differ',
      `broken: entries of ${pair.name}.ts expire after 20 s, within interval and sync.overlap (22 s)`,
    ])
  })

  test('a store that is away or a missing table is a finding, and the others are looked at all the same', async () => {
    const found = await doctor(
      '--set',
      `redis.url=redis://127.0.0.1:${await freePort()}`,
      '--set',
      'CassandraConfig.dataColumnFamily=nowhere',
    )
    expect(found.code).toBe(69)
    expect(found.findings.map(({ part }) => part)).toEqual(['pair default', 'redis'])
    expect(found.findings[0]?.mend).toContain('CREATE TABLE')
  })

  test('a person reads what, why and what mends it', async () => {
    const { stdout } = await caesSync(['doctor', '-c', file.path])
    expect(stdout).toMatch(/^✗ pair default \(Elasticsearch \d+\.\d+\.\d+, Cassandra \d+\.\d+\)$/m)
    expect(stdout).toMatch(/^ {2}broken: .*\n {4}why: .*\n {4}mend: /m)
    expect(stdout).toMatch(/^✓ clocks$/m)
    expect(stdout).toMatch(/^2 broken, \d+ warnings?$/m)
  })
})
