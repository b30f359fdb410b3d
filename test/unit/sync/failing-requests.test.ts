import { describe, expect, test } from 'vitest'
import { idsOf } from '../../support/ids.js'
import { second, v0 } from '../../support/observations.js'
import { MemoryPair, turns, type RequestKind } from './memory-pair.js'

/** Needs every kind of request: both directions, a bump, a tie, and a reading again. */
const busy = (): MemoryPair => {
  const store = new MemoryPair({ pageSize: 2, rowsPerRequest: 2, entriesPerRequest: 2 })
  const [a, b, c, d, e, f] = idsOf(6, 'busy') as [string, string, string, string, string, string]
  store.index(a, 20, { a: 1 })
  store.batch(b, 20, { a: 2 }, store.clock.now() - 9 * second)
  store.batch(c, 20, { a: 3, b: 'row' }, store.clock.now() - 9 * second)
  store.index(c, 20, { a: 4 })
  store.batch(d, 20, { a: 5, b: 'x' }, store.clock.now() - second)
  store.index(d, 21, { a: 6 })
  store.index(e, 21, { a: 7 })
  store.batch(f, 22, { a: 8 }, store.clock.now() - 9 * second)
  return store
}
const sync = (store: MemoryPair, signal?: AbortSignal) => store.sync(0, 100, signal === undefined ? {} : { signal })

const reference = busy()
await sync(reference)
const sent: readonly RequestKind[] = [...reference.requests]
/** Content and versions; write times tell how often it was tried. */
const contentOf = (store: MemoryPair): unknown =>
  idsOf(6, 'busy').map((id) => ({
    row: store.row(id),
    document: store.document(id),
    label: Math.max(...store.labels(id)),
  }))

const kinds: readonly RequestKind[] = [
  'refresh',
  'open view',
  'page',
  'read-entries',
  'get',
  'read-rows',
  'bulk',
  'write-entries',
  'write-rows',
]

test('the window that the following tests break needs every kind of request', () => {
  expect(new Set(sent)).toEqual(new Set(kinds))
})

const everyRequest = sent.map((kind, index) => ({
  kind,
  number: index + 1,
  occurrence: sent.slice(0, index + 1).filter((each) => each === kind).length,
}))

/** Nothing is left behind: no view, no call under way, and nothing that still comes. */
const expectQuiet = async (store: MemoryPair): Promise<void> => {
  const { length } = store.requests
  expect([store.openViews, store.callsUnderWay]).toEqual([0, 0])
  await turns()
  expect(store.requests).toHaveLength(length)
}

describe('an error fails the whole window, leaves nothing running, and the retry completes it', () => {
  test.each(everyRequest)('when request $number, $kind, is lost', async ({ number }) => {
    const store = busy()
    const failure = new Error('lost request')
    store.onRequest = () => {
      if (store.requests.length === number) throw failure
    }
    await expect(sync(store)).rejects.toBe(failure)
    await expectQuiet(store)
    store.onRequest = () => {}
    await sync(store)
    expect(contentOf(store)).toEqual(contentOf(reference))
    store.forget()
    await sync(store)
    expect(store.writes).toEqual([])
  })

  const toCassandra = everyRequest.filter(({ kind }) => kind.includes('-'))
  test.each(toCassandra)('when the answer to request $number, $kind, is lost', async ({ kind, occurrence }) => {
    const store = busy()
    const failure = new Error('lost answer')
    store.onApplied = (appliedKind, appliedOccurrence) => {
      if (appliedKind === kind && appliedOccurrence === occurrence) throw failure
    }
    await expect(sync(store)).rejects.toBe(failure)
    await expectQuiet(store)
    store.onApplied = () => {}
    await sync(store)
    expect(contentOf(store)).toEqual(contentOf(reference))
  })
})

test('the failure of one store is reported only when the request to the other has come to its end', async () => {
  const store = new MemoryPair()
  const [id, other] = idsOf(2, 'both') as [string, string]
  // One chunk that writes to both sides.
  store.index(id, v0 + 1, { a: 1 })
  store.index(other, v0 + 1, { a: 1 })
  store.batch(other, v0 + 3, { a: 3 })
  let answer = (): void => {}
  store.onRequest = (kind) => {
    if (kind === 'write-entries') throw new Error('no entries today')
    if (kind === 'bulk') return new Promise<void>((resolve) => (answer = resolve))
    return undefined
  }
  let ended = false
  const run = store.sync(v0, v0 + 10).finally(() => (ended = true))
  const outcome = Promise.allSettled([run])
  await turns()
  expect([ended, store.callsUnderWay]).toEqual([false, 1])
  answer()
  expect(await outcome).toMatchObject([{ reason: { message: 'no entries today' } }])
  await expectQuiet(store)
})

test('the failure of one chunk is reported only when the other has come to its end', async () => {
  const store = new MemoryPair({ pageSize: 1 })
  for (const id of idsOf(2, 'chunks')) store.index(id, v0 + 1, { a: 1 })
  let answer = (): void => {}
  store.onRequest = (kind, occurrence) => {
    if (kind !== 'read-rows') return undefined
    if (occurrence === 2) throw new Error('no rows today')
    return new Promise<void>((resolve) => (answer = resolve))
  }
  let ended = false
  const run = store.sync(v0, v0 + 10).finally(() => (ended = true))
  const outcome = Promise.allSettled([run])
  await turns()
  expect([ended, store.openViews]).toEqual([false, 1])
  answer()
  expect(await outcome).toMatchObject([{ reason: { message: 'no rows today' } }])
  await expectQuiet(store)
})

test('a store that does not account for every write fails the window', async () => {
  const store = new MemoryPair()
  const [id] = idsOf(1, 'outcomes') as [string]
  store.batch(id, v0 + 1, { a: 1 })
  store.documents.write = async () => []
  await expect(store.sync(v0, v0 + 10)).rejects.toThrow('elasticsearch gave 0 outcomes for 1 writes')
  expect(store.openViews).toBe(0)
})

describe('a run that is cancelled', () => {
  // After the last request there is nothing left to stop.
  test.each(everyRequest.slice(0, -1))('during request $number, $kind, sends no other', async ({ number }) => {
    const store = busy()
    const controller = new AbortController()
    store.onRequest = () => {
      if (store.requests.length === number) controller.abort(new Error('somebody else continues'))
    }
    await expect(sync(store, controller.signal)).rejects.toThrow('somebody else continues')
    expect(store.requests).toHaveLength(number)
    await expectQuiet(store)
  })

  test('before it began asks nothing of any store', async () => {
    const store = busy()
    await expect(sync(store, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late')
    expect(store.requests).toEqual([])
  })

  test('while it waits for a row to stand still does not wait any longer', async () => {
    const store = busy()
    const controller = new AbortController()
    store.clock.sleep = (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      })
    const outcome = Promise.allSettled([sync(store, controller.signal)])
    await turns()
    const { length } = store.requests
    controller.abort(new Error('stop'))
    expect(await outcome).toMatchObject([{ reason: { message: 'stop' } }])
    expect(store.requests).toHaveLength(length)
    await expectQuiet(store)
  })

  test('is known to every call of a store', async () => {
    const store = busy()
    const { signal } = new AbortController()
    await sync(store, signal)
    expect(store.calls.length).toBeGreaterThan(8)
    expect(store.calls.filter((call) => call.signal !== signal)).toEqual([])
  })
})
