import { describe, expect, test } from 'vitest'
import { MemoryRunStore } from '../../../src/adapters/memory/memory-run-store.js'
import type { Run, RunSource } from '../../../src/core/run.js'
import { backfill, openCopy, type BackfillOptions } from '../../../src/sync/backfill.js'
import { startRun } from '../../../src/sync/start-run.js'
import { unhurried } from '../../../src/sync/pace.js'
import { idsOf } from '../../support/ids.js'
import { at, v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

const live = new AbortController().signal

/** Half of the records were written in Cassandra, long ago and without entries, half in Elasticsearch. */
const open = (count = 400) => {
  const store = new MemoryPair({ now: at(v0), pageSize: 20 })
  const rows = idsOf(count / 2, 'row')
  const documents = idsOf(count / 2, 'document')
  for (const [index, id] of rows.entries()) store.putRow(id, { a: index }, at(v0 - 5_000 + index, 0.5))
  for (const [index, id] of documents.entries()) store.index(id, v0 - 5_000 + index, { a: index })
  return { store, rows, documents, runs: new MemoryRunStore() }
}

const options: BackfillOptions = {
  dryRun: false,
  pace: unhurried,
  signal: live,
  onParts: () => {},
  onRead: () => {},
  onReject: () => {},
  partSize: 20,
}
const start = (store: MemoryPair, source: RunSource, runs: MemoryRunStore) =>
  openCopy('movies', source, {}, { runs, clock: store.clock })
const copy = (store: MemoryPair, run: Run, runs: MemoryRunStore, more: Partial<BackfillOptions> = {}) =>
  backfill(store.pair, run, runs, { ...options, ...more })

describe('a copy of everything', () => {
  test('from both sides makes them equal, under the versions that cells and documents tell', async () => {
    const { store, rows, documents, runs } = open()
    const { run } = await start(store, 'both', runs)

    const result = await copy(store, run, runs)

    expect(result).toMatchObject({ written: { elasticsearch: 200, cassandra: 200 }, left: 0, rejected: 0 })
    expect(rows.map((id) => store.document(id))).toEqual(
      rows.map((_, index) => ({ version: v0 - 5_000 + index, source: { a: index, timestamp: v0 - 5_000 + index } })),
    )
    expect(documents.map((id) => store.row(id))).toEqual(documents.map((_, index) => ({ a: index })))
    expect((await runs.list('movies'))[0]?.finishedAt).toBe(at(v0) / 1_000)
  })

  test.each([
    ['cassandra', { elasticsearch: 200, cassandra: 0 }],
    ['elasticsearch', { elasticsearch: 0, cassandra: 200 }],
  ] as const)('from %s copies to the other side, and not back', async (source, written) => {
    const { store, rows, runs } = open()
    // A newer document of a row, and a newer row of a document, are no matter of this copy.
    store.index(rows[0]!, v0 - 100, { a: -1 })
    const { run } = await start(store, source, runs)

    const result = await copy(store, run, runs)

    const expected = { ...written, elasticsearch: Math.max(0, written.elasticsearch - 1) }
    expect(result.written).toEqual(source === 'cassandra' ? expected : { ...written, cassandra: 201 })
    expect(store.document(rows[0]!)).toMatchObject({ version: v0 - 100 })
  })

  test('goes on where it stopped: what is done is not read again', async () => {
    const { store, runs } = open()
    const { run } = await start(store, 'both', runs)
    const stop = new AbortController()
    const onParts = (done: number): void => {
      if (done >= 5) stop.abort(new Error('killed'))
    }
    await expect(copy(store, run, runs, { signal: stop.signal, onParts })).rejects.toThrow('killed')
    const done = await runs.finishedParts(run)
    expect(done.size).toBeGreaterThanOrEqual(5)

    const again = await start(store, 'both', runs)
    expect(again).toMatchObject({ run: { number: run.number }, resumed: true })
    let read = 0
    const result = await copy(store, again.run, runs, { onRead: (records) => (read += records) })

    expect(result.written).toEqual({ elasticsearch: 200, cassandra: 200 })
    expect(read).toBe(result.read - [...done.values()].reduce((sum, part) => sum + part.read, 0))
    expect(read).toBeLessThan(result.read)
    expect((await start(store, 'both', runs)).resumed).toBe(false)
  })

  test('from another side waits until the unfinished one is done', async () => {
    const { store, runs } = open()
    await start(store, 'cassandra', runs)
    await expect(start(store, 'both', runs)).rejects.toMatchObject({ code: 'CAES_RUN_UNDER_WAY' })
  })

  test('that is started twice at once is one', async () => {
    const { store, runs } = open()
    const [a, b] = await Promise.all([start(store, 'both', runs), start(store, 'both', runs)])
    expect(a.run).toEqual(b.run)
    expect(await runs.list('movies')).toHaveLength(1)
  })

  test('done again writes nothing', async () => {
    const { store, runs } = open()
    await copy(store, (await start(store, 'both', runs)).run, runs)
    store.forget()
    const result = await copy(store, (await start(store, 'both', runs)).run, runs)
    expect(result.written).toEqual({ elasticsearch: 0, cassandra: 0 })
    expect(store.writes).toEqual([])
  })

  test('as a dry run counts what it would write, and neither writes nor remembers anything', async () => {
    const { store, runs } = open()
    const { run } = await start(store, 'both', runs)
    const result = await copy(store, run, runs, { dryRun: true })
    expect(result.written).toEqual({ elasticsearch: 200, cassandra: 200 })
    expect(store.writes).toEqual([])
    expect(await runs.finishedParts(run)).toEqual(new Map())
    expect((await runs.list('movies'))[0]?.finishedAt).toBeUndefined()
  })

  test('does not overwrite what is newer, and leaves what was written just now to windows', async () => {
    const { store, rows, runs } = open(40)
    const young = idsOf(1, 'young')[0]!
    store.putRow(young, { a: 1 }, at(v0, -1))
    store.index(rows[0]!, v0 - 100, { a: -1 })
    const { run } = await start(store, 'both', runs)

    const result = await copy(store, run, runs)

    expect(result.left).toBe(1)
    expect(store.document(young)).toBeUndefined()
    expect(store.row(rows[0]!)).toEqual({ a: -1 })
  })

  test('of newer versions alone leaves older states as they are', async () => {
    const { store, rows, documents, runs } = open(40)
    const plan = { purpose: 'reconciliation', source: 'both', since: v0 - 4_990 } as const
    const { run } = await startRun('movies', plan, { runs, clock: store.clock })

    const result = await copy(store, run, runs)

    expect(result.written).toEqual({ elasticsearch: 10, cassandra: 10 })
    expect(rows.map((id) => store.document(id) !== undefined)).toEqual(rows.map((_, index) => index >= 10))
    expect(documents.map((id) => store.row(id) !== undefined)).toEqual(documents.map((_, index) => index >= 10))
  })

  test('of documents reads none by its id, as long as what was read is fresh', async () => {
    const { store, runs } = open()
    const { run } = await start(store, 'elasticsearch', runs)
    expect((await copy(store, run, runs)).written.cassandra).toBe(200)
    expect(store.count('get')).toBe(0)
  })

  test('of documents reads again what was read too long ago', async () => {
    const { store, documents, runs } = open(40)
    const { run } = await start(store, 'elasticsearch', runs)
    let paced = 0
    const pace = async (): Promise<void> => {
      paced += 1
      // A process that stood still, while an application went on.
      store.clock.pass(store.pair.rules.freshness)
      if (paced === 1) for (const id of documents) store.index(id, v0 - 100, { a: 77 })
    }

    await copy(store, run, runs, { pace })

    expect(store.count('get')).toBeGreaterThan(0)
    expect(documents.map((id) => store.row(id))).toEqual(documents.map(() => ({ a: 77 })))
  })

  test('tells what cannot be copied', async () => {
    const { store, runs } = open(40)
    store.index('no uuid', v0 - 100, { a: 1 })
    const reasons: string[] = []
    const { run } = await start(store, 'both', runs)
    const result = await copy(store, run, runs, { onReject: ({ reason }) => reasons.push(reason) })
    expect([result.rejected, reasons]).toEqual([1, ['ID_NOT_UUID']])
  })

  test('of a pair that is synced the other way only is refused', async () => {
    const { store, runs } = open(40)
    const pair = { ...store.pair, rules: { ...store.pair.rules, direction: 'to-cassandra' as const } }
    const { run } = await start(store, 'cassandra', runs)
    await expect(backfill(pair, run, runs, options)).rejects.toMatchObject({ code: 'CAES_USAGE' })
  })
})
