import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RoleProcess } from '../../src/demo/processes.js'
import { caesSync, type CliResult } from '../support/cli.js'
import { eventually } from '../support/eventually.js'
import { freePort } from '../support/free-port.js'
import { idsOf } from '../support/ids.js'
import type { PairFixture } from '../support/pair-fixture.js'
import { openService, type ServiceFixture } from '../support/service.js'

const redisDown = 69
const stillRejected = 4

interface Line {
  readonly job: string
  readonly id: string
  readonly reason: string
  readonly side: string
  readonly version: number
}

describe('poison records beside good ones, as processes', () => {
  let service: ServiceFixture
  let pair: PairFixture
  const rejects = (...args: string[]): Promise<CliResult> => caesSync(['rejects', ...args, '-c', service.file.path])
  const listed = async (): Promise<Line[]> => {
    const { code, stdout } = await rejects('--json')
    expect(code).toBe(0)
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line)
  }
  const byId = async (id: string): Promise<Line> => {
    const found = (await listed()).find((line) => line.id === id)
    expect(found).toBeDefined()
    return found!
  }

  const good = idsOf(20, 'good')
  const [typed, strict, handled] = idsOf(3, 'poison') as [string, string, string]
  const odd = 'movie: 1 \u001b[31m\u202e%00'
  let dashboard: RoleProcess

  beforeAll(async () => {
    service = await openService({
      mappings: {
        dynamic: 'strict',
        properties: { timestamp: { type: 'long' }, vint: { type: 'keyword' }, vstring: { type: 'keyword' } },
      },
      columns: 'vint int, vstring text, extra text',
    })
    ;({ pair } = service)
    await service.start('scheduler')
    await service.start('worker')
    dashboard = await service.start('dashboard')
    const now = (): number => Math.floor(Date.now() / 1_000)
    for (const id of good) await pair.index(id, now(), { vint: 7, vstring: 'fine' })
    // The documents' values are kept as they were sent; only their columns are particular.
    await pair.index(odd, now(), { vstring: 'no UUID' })
    await pair.index(typed, now(), { vint: 'seven' })
    await pair.index(handled, now(), { vint: 'eight' })
    await pair.batch(strict, now(), { extra: 'the strict mapping has no such field' })
  })
  afterAll(() => service.close())

  test('are listed with reason and advice, while everything else goes through', async () => {
    await eventually(async () => {
      for (const id of good) expect(await pair.row(id)).toMatchObject({ vint: 7, vstring: 'fine' })
      expect(await listed()).toHaveLength(4)
    }, 60_000)
    const reasons = new Map((await listed()).map(({ id, reason, side }) => [id, `${reason} ${side}`]))
    expect(reasons).toEqual(
      new Map([
        [odd, 'ID_NOT_UUID elasticsearch'],
        [typed, 'TYPE_MISMATCH elasticsearch'],
        [handled, 'TYPE_MISMATCH elasticsearch'],
        [strict, 'MAPPING cassandra'],
      ]),
    )
    const { stdout } = await rejects()
    expect(stdout).toContain('movie: 1 \\u{1b}[31m\\u{202e}%00')
    expect(stdout).toMatch(/TYPE_MISMATCH: .+\n {2}try: /)
    // Later windows, whose overlap covers them too, add nothing.
    const first = await listed()
    const windows = async (): Promise<number> => {
      const { url } = service.running.find(({ role }) => role === 'worker')!
      const text = await (await fetch(`${url}/metrics`)).text()
      return Number(/^caes_sync_windows_total\{.*status="completed".*\} (\d+)/m.exec(text)?.[1] ?? 0)
    }
    const before = await windows()
    await eventually(async () => expect(await windows()).toBeGreaterThan(before + 2))
    expect(await listed()).toEqual(first)
  })

  test('fail again while nothing was mended: exit code 4, with the reason', async () => {
    const { job } = await byId(typed)
    const result = await rejects('retry', job)
    expect([result.code, result.stdout]).toEqual([stillRejected, '0 of 1 done, 1 still rejected\n'])
    expect(result.stderr).toContain('TYPE_MISMATCH')
    expect((await byId(typed)).job).toBe(job)
  })

  test('go through after the record was mended, by the command line', async () => {
    const { job, version } = await byId(typed)
    await pair.index(typed, version + 1, { vint: 7 })
    const result = await rejects('retry', job)
    expect([result.code, result.stdout]).toEqual([0, '1 of 1 done, 0 still rejected\n'])
    await eventually(async () => expect(await pair.row(typed)).toMatchObject({ vint: 7 }))
    expect((await listed()).map(({ id }) => id)).not.toContain(typed)
  })

  test('go through after the store was mended, by the retry of the board', async () => {
    const { job } = await byId(strict)
    await pair.elasticsearch.indices.putMapping({ index: pair.name, properties: { extra: { type: 'keyword' } } })
    const answer = await fetch(`${dashboard.url}/board/api/queues/rejects/${encodeURIComponent(job)}/retry`, {
      method: 'PUT',
    })
    expect(answer.status).toBe(204)
    await eventually(async () => {
      expect((await pair.document(strict))?.source).toMatchObject({ extra: 'the strict mapping has no such field' })
      expect((await listed()).map(({ id }) => id)).not.toContain(strict)
    })
  })

  test('are retried all at once, and those that stay can be dropped', async () => {
    const { version } = await byId(handled)
    await pair.batch(handled, version + 1, { vint: 8 })
    const all = await rejects('retry', '--all', '--json')
    expect(all.code).toBe(stillRejected)
    expect(JSON.parse(all.stdout)).toEqual({ retried: 2, done: 1, rejected: 1, waiting: 0 })
    await eventually(async () => expect((await pair.document(handled))?.source).toMatchObject({ vint: 8 }))
    const dropped = await rejects('drop', '--all')
    expect([dropped.code, dropped.stdout]).toEqual([0, '1 of 1 dropped\n'])
    // A window whose overlap still covers the record lists it once more.
    await eventually(async () => {
      if ((await listed()).length > 0) await rejects('drop', '--all')
      expect(await listed()).toEqual([])
    }, 60_000)
  })

  test('wrong use says what to do', async () => {
    for (const args of [['retry'], ['drop', 'x', '--all'], ['retry', 'default.nosuch'], ['--pair', 'nobody']]) {
      const { code, stderr } = await rejects(...args)
      expect(code).toBe(2)
      expect(stderr).toContain('try:')
    }
  })

  test('a Redis that is down is named, with the exit code for it', async () => {
    const port = await freePort()
    const { code, stderr } = await rejects('--set', `redis.url=redis://127.0.0.1:${port}`)
    expect(code).toBe(redisDown)
    expect(stderr).toContain(`127.0.0.1:${port}`)
  })
})
