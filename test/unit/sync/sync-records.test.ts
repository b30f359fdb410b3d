import { describe, expect, test } from 'vitest'
import type { Reject } from '../../../src/core/reject.js'
import type { SetAside } from '../../../src/core/set-aside.js'
import { syncRecords } from '../../../src/sync/sync-records.js'
import { idsOf } from '../../support/ids.js'
import { at, second, v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

const [id, other] = idsOf(2, 'set aside') as [string, string]

const mismatch: Reject = { id, side: 'elasticsearch', reason: 'TYPE_MISMATCH', detail: '', version: v0 + 1 }
const refused: Reject = { id, side: 'cassandra', reason: 'MAPPING', detail: '', version: v0 + 1 }

const retry = async (store: MemoryPair, ...rejects: Reject[]) => {
  const records: SetAside[] = rejects.map((reject) => ({ ...reject, notedAt: at(v0, 60) }))
  return syncRecords(store.pair, records, { signal: new AbortController().signal })
}
const retryOne = async (store: MemoryPair, reject: Reject) => (await retry(store, reject))[0]

describe('a record that was set aside', () => {
  test('stays so, with the reason that holds now, and nothing is written', async () => {
    const store = new MemoryPair()
    store.index(id, v0 + 2, { a: 'eight' })
    expect(await retryOne(store, mismatch)).toMatchObject({
      kind: 'rejected',
      reject: { id, reason: 'TYPE_MISMATCH', version: v0 + 2 },
    })
    expect(store.writes).toEqual([])
  })

  test('is copied once it is mended, and only it', async () => {
    const store = new MemoryPair()
    store.index(id, v0 + 2, { a: 8 })
    store.index(other, v0 + 2, { a: 9 })
    store.rows.putEntry(other, v0 + 5_000)
    expect(await retryOne(store, mismatch)).toEqual({ kind: 'written' })
    expect(store.logged).toEqual([])
    expect([store.row(id), store.row(other)]).toEqual([{ a: 8 }, undefined])
    expect(await retryOne(store, mismatch)).toEqual({ kind: 'unchanged' })
  })

  test('gives way to a newer state of the other side', async () => {
    const store = new MemoryPair()
    store.index(id, v0 + 1, { a: 'seven' })
    store.batch(id, v0 + 3, { a: 3 })
    expect(await retryOne(store, mismatch)).toEqual({ kind: 'written' })
    expect(store.document(id)).toMatchObject({ version: v0 + 3, source: { a: 3 } })
  })

  test('is done with when it is gone, whatever its id is', async () => {
    const store = new MemoryPair()
    const odd: Reject = { id: 'movie 1', side: 'elasticsearch', reason: 'ID_NOT_UUID', detail: '', version: v0 }
    expect(await retry(store, mismatch, odd)).toEqual([{ kind: 'unchanged' }, { kind: 'unchanged' }])
    // No row can have such a key; asking for it would be an error.
    expect(store.calls.filter(({ ids }) => ids.includes(odd.id)).map(({ method }) => method)).toEqual(['get documents'])
  })

  test('is rejected again as long as its id is no UUID', async () => {
    const store = new MemoryPair()
    const odd: Reject = { id: "x'); --\u0000", side: 'elasticsearch', reason: 'ID_NOT_UUID', detail: '', version: v0 }
    store.index(odd.id, v0, { a: 1 })
    expect(await retryOne(store, odd)).toMatchObject({ kind: 'rejected', reject: { reason: 'ID_NOT_UUID' } })
    expect(store.count('read-rows')).toBe(0)
  })

  test('is left to a window when it is newer than what windows read by now', async () => {
    const store = new MemoryPair()
    store.index(id, v0 + 60, { a: 8 })
    expect(await retryOne(store, mismatch)).toEqual({ kind: 'later' })
    store.batch(other, v0 + 60, { a: 8 })
    expect(await retryOne(store, { ...refused, id: other })).toEqual({ kind: 'later' })
    expect(store.writes).toEqual([])
  })

  test('has an outcome of its own beside others, and one look serves them all', async () => {
    const store = new MemoryPair()
    store.index(id, v0 + 1, { a: 'seven' })
    store.index(other, v0 + 2, { a: 8 })
    const outcomes = await retry(store, mismatch, { ...mismatch, id: other }, mismatch)
    expect(outcomes.map(({ kind }) => kind)).toEqual(['rejected', 'written', 'rejected'])
    expect(store.count('read-entries')).toBe(1)
  })

  test('fails as a whole when a store does', async () => {
    const store = new MemoryPair()
    store.onRequest = (kind) => {
      if (kind === 'read-rows') throw new Error('down')
    }
    store.index(id, v0 + 2, { a: 8 })
    await expect(retryOne(store, mismatch)).rejects.toThrow('down')
  })
})

describe('an entry that cannot be used', () => {
  const ahead: Reject = { id, side: 'cassandra', reason: 'VERSION_FUTURE', detail: '', version: v0 + 5_000 }

  test('stays set aside as long as it is there, and holds up no other fault of its record', async () => {
    const store = new MemoryPair()
    store.rows.putEntry(id, v0 + 5_000)
    store.index(id, v0 + 1, { a: 1 })
    const outcomes = await retry(store, ahead, mismatch, refused)
    expect(outcomes.map(({ kind }) => kind)).toEqual(['rejected', 'written', 'written'])
  })

  test('is left to a window when its time has come', async () => {
    const store = new MemoryPair()
    store.batch(id, v0 + 5_000, { a: 1 }, at(v0, 1))
    store.clock.pass(3_000 * second)
    expect(await retryOne(store, ahead)).toEqual({ kind: 'later' })
  })
})

describe('after the entry of its row has expired', () => {
  /** A day later there is no entry, but the list knows the version that the row had. */
  const row = (values: { a: number }, writeTime: number): MemoryPair => {
    const store = new MemoryPair()
    store.putRow(id, values, writeTime)
    store.clock.pass(86_400 * second)
    return store
  }

  test('a row that was not written since is copied with the version that it had', async () => {
    const store = row({ a: 5 }, at(v0 + 1, 0.4))
    expect(await retryOne(store, refused)).toEqual({ kind: 'written' })
    expect(store.document(id)).toMatchObject({ version: v0 + 1, source: { a: 5 } })
  })

  test('a row that was written since is left alone', async () => {
    const store = row({ a: 5 }, at(v0 + 7, 0.4))
    expect(await retryOne(store, refused)).toEqual({ kind: 'unlabelled' })
    store.index(id, v0 + 2, { a: 2 })
    expect(await retryOne(store, mismatch)).toEqual({ kind: 'unlabelled' })
    expect(store.writes).toEqual([])
  })

  test('a row that was written and synced since is done with', async () => {
    const store = row({ a: 5 }, at(v0 + 7, 0.4))
    store.index(id, v0 + 7, { a: 5 })
    expect(await retry(store, refused, mismatch)).toEqual([{ kind: 'unchanged' }, { kind: 'unchanged' }])

    const logical = row({ a: 5 }, at(v0, 61))
    logical.index(id, 14, { a: 5 })
    expect(await retryOne(logical, { ...mismatch, version: 12 })).toEqual({ kind: 'unchanged' })
  })

  test('with logical versions a row that was written since is never written over', async () => {
    const store = row({ a: 5 }, at(v0, 61))
    store.index(id, 12, { a: 2 })
    expect(await retryOne(store, { ...mismatch, version: 12 })).toEqual({ kind: 'unlabelled' })
    expect(await retryOne(store, { ...refused, version: 14 })).toEqual({ kind: 'unlabelled' })
    expect(store.writes).toEqual([])
  })

  test('with logical versions a row from before is copied, or written over, as its version says', async () => {
    const newer = row({ a: 5 }, at(v0, 59))
    newer.index(id, 12, { a: 2 })
    expect(await retryOne(newer, { ...refused, version: 14 })).toEqual({ kind: 'written' })
    expect(newer.document(id)).toMatchObject({ version: 14, source: { a: 5 } })

    const older = row({ a: 5 }, at(v0, 59))
    older.index(id, 12, { a: 2 })
    expect(await retryOne(older, { ...mismatch, version: 12 })).toEqual({ kind: 'written' })
    expect(older.row(id)).toEqual({ a: 2 })
  })
})
