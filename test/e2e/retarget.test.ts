import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { errors } from '@elastic/elasticsearch'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { versionAt } from '../../src/core/version.js'
import { stopRoles } from '../../src/demo/processes.js'
import { caesSync, type CliResult } from '../support/cli.js'
import { eventually } from '../support/eventually.js'
import { idsOf } from '../support/ids.js'
import { openService, type ServiceFixture } from '../support/service.js'
import { indexMany } from '../support/volume.js'

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))
const before = 3_000
/** `note` is in no column: only documents have it. */
const mappings = {
  properties: {
    timestamp: { type: 'long' },
    vint: { type: 'integer' },
    vstring: { type: 'text' },
    note: { type: 'keyword' },
  },
} as const

const now = (): number => versionAt(Date.now() * 1_000, 's')

describe('a pair that moves to a new index while applications write', () => {
  let service: ServiceFixture
  let target: string
  beforeAll(async () => {
    service = await openService({
      aliased: true,
      mappings,
      sync: { settle: '500ms', overlap: '4s', freshness: '1s' },
    })
    for (const role of ['scheduler', 'worker'] as const) await service.start(role)
    const { pair } = service
    target = `${pair.name}-2`
    await pair.elasticsearch.indices.create({
      index: target,
      settings: { number_of_shards: 3, number_of_replicas: 0 },
      mappings: { properties: { ...mappings.properties, vstring: { type: 'keyword' } } },
    })
    await indexMany(pair, idsOf(before, 'before'), now() - 1, (at) => ({ vint: at, vstring: 'before', note: `n${at}` }))
  })
  afterAll(async () => {
    await service.pair.elasticsearch.indices.delete({ index: target })
    await service.close()
  })

  const retarget = (...args: string[]): Promise<CliResult> =>
    caesSync(['retarget', '--index', target, '--json', '-c', service.file.path, ...args])
  const standsFor = async (): Promise<string[]> =>
    Object.keys(await service.pair.elasticsearch.indices.getAlias({ name: service.pair.name }))

  /** Clients of both sides, each of which writes ids of its own; what is acknowledged is remembered. */
  const startClients = () => {
    const { pair } = service
    const acknowledged = new Map<string, number>()
    const documents: string[] = []
    const enough = new AbortController()
    const client = async (side: 'document' | 'row', nth = 0): Promise<void> => {
      for (let at = 0; !enough.signal.aborted; at += 1) {
        // A pace that a single worker can follow: what it has not synced yet would be a difference.
        await sleep(20)
        const [id] = idsOf(1, `${side} ${nth} ${at}`) as [string]
        const values = { vint: at, vstring: side }
        try {
          await (side === 'row' ? pair.batch(id, now(), values) : pair.index(id, now(), { ...values, note: id }))
        } catch (error) {
          // In the moment of the switch an index may refuse what had found it before; then nothing was acknowledged.
          if (!(error instanceof errors.ResponseError) || !error.message.includes('cluster_block_exception'))
            throw error
          continue
        }
        acknowledged.set(id, at)
        if (side === 'document') documents.push(id)
      }
    }
    const running = Promise.all([client('document'), client('document', 1), client('row')])
    return {
      acknowledged,
      documents,
      stop: async () => {
        enough.abort()
        await running
      },
    }
  }

  test('is not switched where anything differs, and goes on where it was killed', async () => {
    const { pair } = service
    // Newer than anything, and not in the table: the new index alone has it.
    const [stray] = idsOf(1, 'stray') as [string]
    const document = { vint: 1, vstring: 'stray', timestamp: now() - 60 }
    await pair.elasticsearch.index({
      index: target,
      id: stray,
      version: now() - 60,
      version_type: 'external',
      document,
    })

    const killed = spawn(process.execPath, [main, 'retarget', '--index', target, '--switch', '-c', service.file.path])
    let said = ''
    killed.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const ended = new Promise((resolve) => void killed.once('exit', (_, signal) => resolve(signal)))
    await eventually(() => expect(said).toContain('is compared with the table'), 60_000)
    killed.kill('SIGKILL')
    expect(await ended).toBe('SIGKILL')

    const { code, stdout, stderr } = await retarget('--switch')
    expect({ code, stderr }).toMatchObject({ code: 3 })
    const told = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(told).toMatchObject([{ id: stray, kind: 'missing', cassandra: null }, { kind: 'different' }])
    expect(await standsFor()).toEqual([`${pair.name}-1`])
    await pair.elasticsearch.delete({ index: target, id: stray, version: now(), version_type: 'external' })
  })

  test('loses nothing that was acknowledged, keeps fields that no column has, and leaves the old index closed for writing', async () => {
    const { pair } = service
    const clients = startClients()
    onTestFinished(() => clients.stop())
    const { code, stdout, stderr } = await retarget('--switch')
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: expect.not.stringContaining('missing') })
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'switched', source: `${pair.name}-1`, index: target })
    expect(await standsFor()).toEqual([target])
    // Some more through the alias, which the windows have to carry from the new index.
    const sofar = clients.acknowledged.size
    await eventually(() => expect(clients.acknowledged.size).toBeGreaterThan(sofar + 50))
    await clients.stop()
    expect(clients.documents.length).toBeGreaterThan(100)

    const ids = [...clients.acknowledged.keys()]
    await eventually(async () => {
      const { docs } = await pair.elasticsearch.mget<{ vint: number }>({ index: target, ids })
      const there = docs.flatMap((each) => ('_source' in each && each._source !== undefined ? [each._source.vint] : []))
      expect(there).toEqual([...clients.acknowledged.values()])
      const { rows } = await pair.cassandra.execute(`SELECT count(*) FROM ${pair.name}.data`)
      expect(Number(rows[0]?.['count'])).toBe(before + ids.length)
    }, 60_000)
    const { docs } = await pair.elasticsearch.mget<{ note: string }>({ index: target, ids: clients.documents })
    expect(docs.map((each) => ('_source' in each ? each._source?.note : undefined))).toEqual(clients.documents)
    await pair.elasticsearch.indices.refresh({ index: target })
    expect((await pair.elasticsearch.count({ index: target })).count).toBe(before + ids.length)

    const stray = pair.elasticsearch.index({ index: `${pair.name}-1`, document: { timestamp: 1 } })
    await expect(stray).rejects.toThrow('cluster_block_exception')
    expect((await pair.cassandra.execute(`SELECT pair FROM ${pair.name}.caes_pause`)).rows).toEqual([])
    expect(await retarget('--switch')).toMatchObject({ code: 0, stdout: expect.stringContaining('"there"') })
  })
})

describe('a pair that moves to new tables, by a second pair beside it', () => {
  const records = 1_000
  let service: ServiceFixture
  const configure = (change: (config: Record<string, unknown>) => object): void =>
    writeFileSync(
      service.file.path,
      JSON.stringify(change(JSON.parse(service.pair.configText) as Record<string, unknown>)),
    )
  const next = ({ ElasticSearchConfig, CassandraConfig }: Record<string, unknown>): object => ({
    name: 'next',
    ElasticSearchConfig,
    CassandraConfig: { ...(CassandraConfig as object), dataColumnFamily: 'data2', timeseriesColumnFamily: 'ts2' },
  })
  beforeAll(async () => {
    service = await openService({ sync: { settle: '500ms', overlap: '4s', freshness: '1s' } })
    const { pair } = service
    await pair.cassandra.execute(
      `CREATE TABLE ${pair.name}.ts2 (id int, timestamp bigint, did uuid, PRIMARY KEY(id, timestamp, did))`,
    )
    await pair.cassandra.execute(`CREATE TABLE ${pair.name}.data2 (did uuid PRIMARY KEY, vint int, vstring text)`)
    configure((config) => ({ ...config, pairs: [next(config)] }))
    await indexMany(pair, idsOf(records, 'tables'), now() - 100, (at) => ({ vint: at, vstring: 'before' }))
  })
  afterAll(() => service.close())

  const insert = async (table: 'data' | 'data2', id: string, vint: number): Promise<void> => {
    const { cassandra, name } = service.pair
    const entries = table === 'data' ? 'ts' : 'ts2'
    const version = table === 'data' ? now() : BigInt(now())
    await cassandra.batch(
      [
        { query: `INSERT INTO ${name}.${entries} (id, timestamp, did) VALUES (0, ?, ?)`, params: [version, id] },
        { query: `INSERT INTO ${name}.${table} (did, vint) VALUES (?, ?)`, params: [id, vint] },
      ],
      { prepare: true, logged: true },
    )
  }
  const vintOf = async (table: 'data' | 'data2', id: string): Promise<unknown> => {
    const { cassandra, name } = service.pair
    const { rows } = await cassandra.execute(`SELECT vint FROM ${name}.${table} WHERE did = ?`, [id], { prepare: true })
    return rows[0]?.['vint'] as unknown
  }

  test('both are kept equal to the index and so to each other, and the new one goes on alone', async () => {
    const { pair, file, start } = service
    const running = [await start('scheduler'), await start('worker')]
    for (const name of ['default', 'next']) {
      const copied = await caesSync(['backfill', '--from', 'elasticsearch', '--pair', name, '-c', file.path])
      expect(copied).toMatchObject({ code: 0 })
    }
    const [old, fresh, last] = idsOf(3, 'moving') as [string, string, string]
    await insert('data', old, 1)
    await insert('data2', fresh, 2)
    await eventually(async () => {
      expect(await vintOf('data2', old)).toBe(1)
      expect(await vintOf('data', fresh)).toBe(2)
    }, 60_000)
    const verified = await caesSync(['verify', '--full', '--pair', 'next', '--json', '-c', file.path])
    expect(JSON.parse(verified.stdout)).toMatchObject({ compared: records + 2, differences: 0, open: 0 })

    await stopRoles(running, 60_000)
    configure(({ ElasticSearchConfig, CassandraConfig, ...rest }) => ({
      ...rest,
      pairs: [next({ ElasticSearchConfig, CassandraConfig })],
    }))
    // While no process runs.
    await insert('data2', last, 3)
    for (const role of ['scheduler', 'worker'] as const) await start(role)
    await eventually(async () => expect((await pair.document(last))?.source).toMatchObject({ vint: 3 }), 60_000)
  })
})

describe('a pair that cannot be moved', () => {
  let service: ServiceFixture
  beforeAll(async () => {
    service = await openService({})
  })
  afterAll(() => service.close())

  test('says how to put an alias in place where there is none', async () => {
    const { pair, file } = service
    const { code, stderr } = await caesSync(['retarget', '--index', 'other', '-c', file.path])
    expect(code).toBe(78)
    expect(stderr).toContain(`"${pair.name}" is not an alias`)
    expect(stderr).toContain('POST /_aliases')
  })

  test('needs to be told the new index', async () => {
    const { code, stderr } = await caesSync(['retarget', '-c', service.file.path])
    expect({ code, stderr: stderr.includes('--index') }).toEqual({ code: 2, stderr: true })
  })
})
