/** The verbs of an operator, against the service as processes of its own. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { interruptedAfter } from '../support/cli.js'
import { eventually } from '../support/eventually.js'
import { freePort } from '../support/free-port.js'
import { caesSyncHere } from '../support/in-process-cli.js'
import { openService, type ServiceFixture } from '../support/service.js'

const [usage, late, failedWindows, storeDown] = [2, 3, 4, 69]

interface PairLine {
  readonly name: string
  readonly state: string | null
  readonly watermark: number | null
  readonly planned: number | null
  readonly lagSeconds: number | null
  readonly openWindows: number | null
  readonly failedWindows: number | null
  readonly rejects: number | null
}

interface WindowLine {
  readonly id: string
  readonly pair: string
  readonly from: number
  readonly to: number
  readonly state: string
  readonly attempts: number
  readonly error: string | null
}

describe('a service under way', () => {
  let service: ServiceFixture
  const run = (...args: string[]) => caesSyncHere([...args, '-c', service.file.path])
  const status = async (...args: string[]) => {
    const { code, stdout, stderr } = await run('status', '--json', ...args)
    return { code, stderr, pair: (JSON.parse(stdout) as { pairs: PairLine[] }).pairs[0]! }
  }
  const windows = async (...args: string[]): Promise<WindowLine[]> => {
    const { code, stdout } = await run('windows', '--json', ...args)
    expect(code).toBe(0)
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as WindowLine)
  }
  // What nobody but a person can mend fails a window at once; a store that is away, or an index that is closed, would
  // be waited for.
  const loseIndex = () => service.pair.elasticsearch.indices.delete({ index: service.pair.name })
  const makeIndex = () =>
    service.pair.elasticsearch.indices.create({
      index: service.pair.name,
      mappings: { properties: { timestamp: { type: 'long' }, vint: { type: 'integer' }, vstring: { type: 'text' } } },
    })

  beforeAll(async () => {
    service = await openService({ more: { worker: { attempts: 1, backoff: '100ms' } } })
  })
  afterAll(() => service.close())

  test('before its first start the status says so, and makes no tables', async () => {
    const { code, pair } = await status()
    expect(code).toBe(0)
    expect(pair).toEqual({
      name: 'default',
      state: 'never ran',
      watermark: null,
      planned: null,
      lagSeconds: null,
      openWindows: 0,
      failedWindows: 0,
      rejects: 0,
      verified: null,
      runs: [],
    })
    expect((await run('status', '--max-lag', '1h')).code).toBe(late)
    const { cassandra, name } = service.pair
    const { rows } = await cassandra.execute('SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?', [
      name,
    ])
    expect(rows.map((row) => row.get('table_name') as string).sort()).toEqual(['data', 'ts'])
  })

  test('then it is in sync, and its windows are listed', async () => {
    await service.start('scheduler')
    await service.start('worker')
    await eventually(async () => {
      const { pair } = await status()
      expect(pair.state).toBe('in sync')
      expect((await windows('--status', 'completed')).length).toBeGreaterThan(1)
    }, 60_000)
    const { code, pair } = await status()
    expect(code).toBe(0)
    expect(pair.lagSeconds).toBeGreaterThan(0)
    expect(pair.planned).toBeGreaterThanOrEqual(pair.watermark!)
    const [newest, second] = await windows('--status', 'completed', '--limit', '2')
    expect(newest).toMatchObject({ pair: 'default', attempts: 1, error: null })
    expect(newest!.from).toBe(second!.to)
    expect(newest!.id).toBe(`default.${newest!.from}-${newest!.to}`)
    const table = await run('windows')
    expect(table.stdout).toMatch(/^ID +LOCAL TIME +STATE +TRIES +RESULT\n/)
    expect(table.stdout).toContain('completed')
    expect((await run('status')).stdout).toContain('● in sync')
  })

  test('a lag over the limit ends with 3', async () => {
    expect((await status('--max-lag', '1h')).code).toBe(0)
    expect((await status('--max-lag', '0')).code).toBe(late)
  })

  test('a paused pair stands still, and goes on when it is resumed', async () => {
    const paused = await run('pause')
    expect(paused.code).toBe(0)
    expect(paused.stdout).toMatch(/^default is paused since .+ by .+@.+; windows that are under way end/)
    const standing = await eventually(async () => {
      const { pair } = await status()
      expect(pair.state).toBe('paused')
      expect(pair.lagSeconds).toBeGreaterThan(8)
      return pair
    }, 60_000)
    // Whoever starts now stands still, too.
    await service.start('worker')
    const later = await eventually(async () => {
      const { pair } = await status()
      expect(pair.lagSeconds).toBeGreaterThan(standing.lagSeconds! + 3)
      return pair
    }, 60_000)
    expect(later).toMatchObject({ state: 'paused', watermark: standing.watermark })
    const again = await run('pause', '--json')
    expect(JSON.parse(again.stdout)).toMatchObject({ pairs: [{ name: 'default', paused: true }] })
    expect((await run('status')).stdout).toContain('caes-sync resume')

    expect((await run('resume')).stdout).toBe('default goes on from its watermark\n')
    await eventually(async () => {
      const { pair } = await status()
      expect(pair.watermark).toBeGreaterThan(later.watermark!)
      expect(pair.state).toBe('in sync')
    }, 60_000)
    expect((await run('resume')).stdout).toBe('default was not paused\n')
  })

  test('windows that fail are told, found and retried', async () => {
    await loseIndex()
    await eventually(async () => expect((await status()).pair.failedWindows).toBeGreaterThan(1), 60_000)
    const stalled = await status('--max-lag', '0')
    expect(stalled.code).toBe(failedWindows)
    expect(stalled.pair.state).toBe('stalled')
    const text = await run('status')
    expect(text.code).toBe(failedWindows)
    expect(text.stdout).toContain('▲ stalled')
    expect(text.stdout).toContain('caes-sync windows --status failed')

    const failed = await windows('--status', 'failed')
    expect(failed.length).toBeGreaterThan(1)
    expect(failed[0]?.error).toMatch(/^CAES_/)
    expect(new Set(failed.map(({ state }) => state))).toEqual(new Set(['failed']))

    const { id } = failed.at(-1)!
    const again = await run('retry', id, '--wait')
    expect(again.code).toBe(failedWindows)
    expect(again.stdout).toBe('0 of 1 done, 1 failed again\n')
    expect(again.stderr).toMatch(new RegExp(`^${id}: CAES_`))

    await makeIndex()
    const one = await run('retry', id, '--wait', '--json')
    expect(one.code).toBe(0)
    expect(JSON.parse(one.stdout)).toEqual({ retried: 1, done: 1, failed: 0, waiting: 0 })
    await eventually(async () => {
      expect((await run('retry', '--all-failed', '--wait')).code).toBe(0)
      const { code, pair } = await status()
      expect([code, pair.state, pair.failedWindows]).toEqual([0, 'in sync', 0])
    }, 60_000)
  })

  test('what one store cannot tell is unknown, the rest is shown, and the store is named', async () => {
    const redis = await status('--set', `redis.url=redis://127.0.0.1:${await freePort()}`)
    expect([redis.code, redis.pair.openWindows, redis.pair.rejects]).toEqual([storeDown, null, null])
    expect(redis.pair.watermark).toBeGreaterThan(0)
    expect(JSON.parse(redis.stderr)).toMatchObject({ error: { code: 'CAES_REDIS_DOWN' } })

    const cassandra = await status('--set', `CassandraConfig.driver.port=${await freePort()}`)
    expect([cassandra.code, cassandra.pair.state, cassandra.pair.watermark]).toEqual([storeDown, null, null])
    expect(cassandra.pair.openWindows).toBeGreaterThanOrEqual(0)
    expect(JSON.parse(cassandra.stderr)).toMatchObject({ error: { code: 'CAES_CASSANDRA_DOWN' } })

    const paused = await run('pause', '--set', `CassandraConfig.driver.port=${await freePort()}`)
    expect([paused.code, paused.stdout]).toEqual([storeDown, ''])
    const listed = await run('windows', '--set', `redis.url=redis://127.0.0.1:${await freePort()}`)
    expect([listed.code, listed.stdout]).toEqual([storeDown, ''])
  })

  test('wrong use says what to do', async () => {
    for (const args of [
      ['retry'],
      ['retry', 'x', '--all-failed'],
      ['retry', 'default.1-2'],
      ['status', '--pair', 'nobody'],
      ['windows', '--status', 'lost'],
      ['windows', '--limit', '0'],
      ['status', '--max-lag', 'soon'],
      ['pause', '--pair', 'nobody'],
    ]) {
      const { code, stderr } = await run(...args)
      expect([args.join(' '), code]).toEqual([args.join(' '), usage])
      expect(stderr).not.toMatch(/\bat .+:\d+:\d+/)
    }
  })

  test('watching goes on until it is interrupted', async () => {
    const { code, stdout } = await interruptedAfter(2, ['status', '--watch', '--json', '-c', service.file.path])
    expect(code).toBe(130)
    const lines = stdout.trim().split('\n')
    expect(lines.length).toBeGreaterThanOrEqual(2)
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ pairs: [{ name: 'default' }] })
  })
})
