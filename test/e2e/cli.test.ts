import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyReport } from '../../src/core/report.js'
import { freePort } from '../support/free-port.js'
import { caesSync, configFile } from '../support/cli.js'
import { idsOf } from '../support/ids.js'
import { openPair, type PairFixture } from '../support/pair-fixture.js'
import { batchMany, indexMany } from '../support/volume.js'

const neverShown = [/\bat .+:\d+:\d+/, /node_modules/, /node:internal/]

describe('without any store', () => {
  test('help names the verbs and the exit codes', async () => {
    const { code, stdout } = await caesSync(['--help'])
    expect(code).toBe(0)
    for (const word of ['run', 'sync', 'demo', 'Exit codes', 'Examples']) expect(stdout).toContain(word)
  })

  test('an unknown verb is a usage error with a suggestion', async () => {
    const { code, stderr } = await caesSync(['snyc'])
    expect(code).toBe(2)
    expect(stderr).toContain('Did you mean sync?')
  })

  test('an unknown option is a usage error with a suggestion, whatever else is missing', async () => {
    for (const args of [
      ['--form', '1'],
      ['--form=1', '--to', '2'],
    ]) {
      const { code, stderr } = await caesSync(['sync', ...args])
      expect(code).toBe(2)
      expect(stderr).toContain('Did you mean --from?')
    }
    expect((await caesSync(['sync', '--from', '1'])).stderr).toContain("required option '--to <version>' not specified")
  })

  test('with --json a usage error is an object like any other', async () => {
    const { code, stdout, stderr } = await caesSync(['sync', '--form', '1', '--json'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'CAES_USAGE', message: "unknown option '--form'\n(Did you mean --from?)" },
    })
  })

  test('validate --offline reads the file and connects to nothing', async () => {
    const file = configFile(
      'interval: 60\nElasticSearchConfig: { index: s, driver: { hosts: ["nowhere.invalid"] } }\nCassandraConfig: { keyspace: k, dataColumnFamily: d }\n',
    )
    try {
      const { code, stdout } = await caesSync(['validate', '--offline', '-c', file.path])
      expect(code).toBe(0)
      expect(stdout).toContain('default: s ⇄ k.d')
    } finally {
      file.remove()
    }
  })

  test('no configuration anywhere says where was looked', async () => {
    const { code, stderr } = await caesSync(['validate', '-c', '/nowhere/caes-sync.yaml'])
    expect(code).toBe(78)
    expect(stderr).toContain('/nowhere/caes-sync.yaml')
    expect(stderr).toContain('CAES_CONFIG_NOT_FOUND')
  })

  test('a bad configuration names file, line, column, what and what to try', async () => {
    const file = configFile(
      'interval: 60\nElasticSearchConfig: { indx: stream }\nCassandraConfig: { keyspace: k, dataColumnFamily: d }\n',
    )
    try {
      const { code, stderr } = await caesSync(['sync', '--from', '1', '--to', '2', '-c', file.path])
      expect(code).toBe(78)
      expect(stderr).toMatch(/caes-sync\.yaml:2:24: .*indx/)
      expect(stderr).toMatch(/did you mean .?index/i)
      for (const leak of neverShown) expect(stderr).not.toMatch(leak)
    } finally {
      file.remove()
    }
  })

  test('config show says where each value comes from, as YAML and as JSON, and config schema what may stand there', async () => {
    const file = configFile(
      'interval: 60\nElasticSearchConfig: { index: s, driver: { http_auth: "u:hunter2" } }\nCassandraConfig: { keyspace: k, dataColumnFamily: d }\n',
    )
    try {
      const args = ['config', 'show', '-c', file.path, '--set', 'sync.unit=ms']
      const shown = await caesSync(args, { CAES__SYNC__SETTLE: '1s' })
      expect(shown).toMatchObject({ code: 0, stderr: '' })
      expect(shown.stdout).toMatch(/^interval: 60 +# caes-sync.yaml:1:11$/m)
      expect(shown.stdout).toMatch(/^ {2}unit: ms +# --set sync.unit=…$/m)
      expect(shown.stdout).toMatch(/^ {2}settle: 1s +# environment variable CAES__SYNC__SETTLE$/m)
      expect(shown.stdout).toMatch(/^ {2}overlap: 20s +# default$/m)
      expect(shown.stdout).not.toContain('hunter2')
      const { values } = JSON.parse((await caesSync([...args, '--json'])).stdout) as { values: object[] }
      expect(values).toContainEqual({ key: 'sync.unit', value: 'ms', origin: 'flag', where: '--set sync.unit=…' })
      const schema = await caesSync(['config', 'schema'])
      expect(JSON.parse(schema.stdout)).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#' })
    } finally {
      file.remove()
    }
  })

  test('an empty window and a version that is none are usage errors', async () => {
    const file = configFile(
      'interval: 60\nElasticSearchConfig: { index: s }\nCassandraConfig: { keyspace: k, dataColumnFamily: d }\n',
    )
    try {
      expect((await caesSync(['sync', '--from', '2', '--to', '2', '-c', file.path])).code).toBe(2)
      const { code, stderr } = await caesSync(['sync', '--from', 'yesterday', '--to', '2', '-c', file.path])
      expect(code).toBe(2)
      expect(stderr).toContain('"yesterday" is neither a version nor a time')
      const unknown = await caesSync(['sync', '--from', '1', '--to', '2', '--pair', 'orders', '-c', file.path])
      expect(unknown.code).toBe(2)
      expect(unknown.stderr).toContain('The configuration has: default')
    } finally {
      file.remove()
    }
  })
})

describe('validate', () => {
  let pair: PairFixture
  let file: ReturnType<typeof configFile>
  const validate = async (...args: string[]) => {
    const { code, stdout } = await caesSync(['validate', '--json', '-c', file.path, ...args])
    return { code, ...(JSON.parse(stdout) as { valid: boolean; problems: object[] }) }
  }
  beforeAll(async () => {
    pair = await openPair()
    file = configFile(pair.configText)
  })
  afterAll(async () => {
    file.remove()
    await pair.close()
  })

  test('connects, finds everything in order, and makes nothing', async () => {
    expect(await validate()).toMatchObject({ code: 0, valid: true, problems: [] })
    const { rows } = await pair.cassandra.execute(
      `SELECT table_name FROM system_schema.tables WHERE keyspace_name = '${pair.name}'`,
    )
    expect(rows.map((row) => String(row.get('table_name'))).sort()).toEqual(['data', 'ts'])
  })

  test('names all that does not fit, and what does not fit counts for more than what is down', async () => {
    const port = await freePort()
    const down = ['--set', `redis.url=redis://:hunter2@127.0.0.1:${port}`]
    expect(await validate(...down)).toMatchObject({
      code: 69,
      valid: false,
      problems: [{ part: 'redis', code: 'CAES_REDIS_DOWN' }],
    })
    expect(await validate(...down, '--set', 'ElasticSearchConfig.index=nowhere')).toMatchObject({
      code: 78,
      problems: [
        { part: 'pair', name: 'default', code: 'CAES_SCHEMA_MISMATCH' },
        { part: 'redis', code: 'CAES_REDIS_DOWN' },
      ],
    })
  })
})

describe('one window', () => {
  let pair: PairFixture
  let file: ReturnType<typeof configFile>
  beforeAll(async () => {
    pair = await openPair()
    file = configFile(pair.configText)
  })
  afterAll(async () => {
    file.remove()
    await pair.close()
  })

  test('the report is one JSON object with the documented keys', async () => {
    const [a, b] = idsOf(2, 'cli') as [string, string]
    await pair.index(a, 10, { vint: 1 })
    await pair.batch(b, 10, { vint: 2 })
    const { code, stdout, stderr } = await caesSync(['sync', '--from', '0', '--to', '100', '--json', '-c', file.path])
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const report = JSON.parse(stdout) as Record<string, unknown>
    expect(report).toEqual({
      ...emptyReport('default', { from: 0, to: 100 }),
      read: { elasticsearch: 1, cassandra: 1 },
      written: { elasticsearch: 1, cassandra: 1 },
      durationMs: expect.any(Number) as number,
    })
    // Scripts depend on the names and on their order.
    expect(Object.keys(report).join(' ')).toBe(
      'pair from to read written unchanged superseded ties held unlabelled orphaned rejected durationMs',
    )
    const again = await caesSync(['sync', '--from', '0', '--to', '100', '-c', file.path])
    expect(again.stdout).toContain('written    0 to Elasticsearch, 0 to Cassandra')
  })

  test('a dry run can be told from a real one', async () => {
    const args = ['sync', '--from', '0', '--to', '100', '--json', '-c', file.path]
    expect(JSON.parse((await caesSync([...args, '--dry-run'])).stdout)).toMatchObject({ dryRun: true })
    expect(JSON.parse((await caesSync(args)).stdout)).not.toHaveProperty('dryRun')
  })

  test('times are taken as well as versions', async () => {
    const { code, stdout } = await caesSync([
      'sync',
      '--from',
      '2015-03-25T04:30:12Z',
      '--to',
      '2015-03-25T04:31:12Z',
      '--json',
      '-c',
      file.path,
    ])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ from: 1427257812, to: 1427257872 })
  })

  test('a rejected record ends with exit code 4 and is named', async () => {
    await pair.index('no-uuid', 50, { vint: 1 })
    const { code, stdout } = await caesSync(['sync', '--from', '0', '--to', '100', '-c', file.path])
    expect(code).toBe(4)
    expect(stdout).toContain('"no-uuid" in elasticsearch: ID_NOT_UUID')
  })

  for (const [store, override] of [
    ['Elasticsearch', (port: number) => `ElasticSearchConfig.driver={hosts: ["http://ann:hunter2@127.0.0.1:${port}"]}`],
    [
      'Cassandra',
      (port: number) =>
        `CassandraConfig.driver={contact_points: [127.0.0.1], port: ${port}, auth_provider: {username: ann, password: hunter2}}`,
    ],
  ] as const) {
    test(`${store} being down ends with exit code 69, its name, no stack trace and no password`, async () => {
      const args = ['sync', '--from', '0', '--to', '100', '-c', file.path, '--set', override(await freePort())]
      const { code, stdout, stderr } = await caesSync(args)
      expect(stderr).toContain(store)
      expect(code).toBe(69)
      expect(stdout + stderr).not.toContain('hunter2')
      for (const leak of neverShown) expect(stderr).not.toMatch(leak)
    })
  }

  test('a missing index or table says what to create', async () => {
    const index = await caesSync([
      'sync',
      '--from',
      '0',
      '--to',
      '9',
      '-c',
      file.path,
      '--set',
      'ElasticSearchConfig.index=nowhere',
    ])
    expect(index.code).toBe(78)
    expect(index.stderr).toMatch(/PUT \/nowhere/)
    const table = await caesSync([
      'sync',
      '--from',
      '0',
      '--to',
      '9',
      '-c',
      file.path,
      '--set',
      'CassandraConfig.dataColumnFamily=nowhere',
    ])
    expect(table.code).toBe(78)
    expect(table.stderr).toMatch(/nowhere/)
  })
})

test('many pairs in one file are synced one after the other, each with a report of its own', async () => {
  const [first, second] = [await openPair(), await openPair()]
  const parts = (pair: PairFixture) => {
    const { ElasticSearchConfig, CassandraConfig } = JSON.parse(pair.configText) as Record<string, object>
    return { ElasticSearchConfig, CassandraConfig }
  }
  const file = configFile(
    JSON.stringify({
      interval: 2,
      ...parts(first),
      pairs: [{ name: 'second', sync: { unit: 'ms' }, ...parts(second) }],
    }),
  )
  try {
    const [a, b] = idsOf(2, 'pairs') as [string, string]
    await first.index(a, 10, { vint: 1 })
    await second.batch(b, 11, { vint: 2 })
    const { code, stdout } = await caesSync(['sync', '--from', '0', '--to', '100', '--json', '-c', file.path])
    expect(code).toBe(0)
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([
      { pair: 'default', written: { elasticsearch: 0, cassandra: 1 } },
      { pair: 'second', written: { elasticsearch: 1, cassandra: 0 } },
    ])
    const one = await caesSync(['sync', '--from', '0', '--to', '100', '--json', '--pair', 'second', '-c', file.path])
    expect(one.stdout.trim().split('\n')).toHaveLength(1)
    expect(JSON.parse(one.stdout)).toMatchObject({ pair: 'second', unchanged: 1 })
  } finally {
    file.remove()
    await first.close()
    await second.close()
  }
})

describe('twenty thousand records in one window', () => {
  for (const [direction, fill, written] of [
    ['to Cassandra', indexMany, { elasticsearch: 0, cassandra: 20_000 }],
    ['to Elasticsearch', batchMany, { elasticsearch: 20_000, cassandra: 0 }],
  ] as const) {
    test(`${direction} stay below 250 MB, and the second run writes nothing`, async () => {
      const pair = await openPair()
      const file = configFile(pair.configText)
      try {
        await fill(pair, idsOf(20_000, 'volume'), 10, (at) => ({ vint: at, vstring: 'x'.repeat(250) }))
        const first = await caesSync(['sync', '--from', '0', '--to', '100', '--json', '-c', file.path])
        expect(first.stderr).toBe('')
        expect(JSON.parse(first.stdout)).toMatchObject({ written, rejected: 0 })
        expect(first.peakMemory).toBeGreaterThan(0)
        expect(first.peakMemory).toBeLessThan(250 * 2 ** 20)
        const second = await caesSync(['sync', '--from', '0', '--to', '100', '--json', '-c', file.path])
        expect(JSON.parse(second.stdout)).toMatchObject({
          written: { elasticsearch: 0, cassandra: 0 },
          unchanged: 20_000,
        })
        expect(second.peakMemory).toBeLessThan(250 * 2 ** 20)
      } finally {
        file.remove()
        await pair.close()
      }
    })
  }
})
