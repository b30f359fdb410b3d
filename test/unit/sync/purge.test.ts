import { describe, expect, test } from 'vitest'
import type { CellValue } from '../../../src/adapters/memory/cells.js'
import { CaesError } from '../../../src/core/errors.js'
import { purge, type PurgeOptions } from '../../../src/sync/purge.js'
import { idsOf } from '../../support/ids.js'
import { at, second, v0 } from '../../support/observations.js'
import { MemoryPair, type MemoryPairOptions } from './memory-pair.js'

const purgeRules = { field: 'deleted', after: 7_200 * second }
const columns = [
  { name: 'a', type: { kind: 'int' } },
  { name: 'deleted', type: { kind: 'boolean' } },
] as const

/** Long enough after the versions from v0 on that they may be purged. */
const open = (options: MemoryPairOptions = {}): MemoryPair =>
  new MemoryPair({ now: at(v0, 10_000), columns, ...options })
const purged = (store: MemoryPair, options: Partial<PurgeOptions> = {}) =>
  purge(store.pair, purgeRules, { signal: new AbortController().signal, ...options })

/** On both sides, as a sync leaves it after the entries have expired. */
const synced = (store: MemoryPair, id: string, version: number, values: Readonly<Record<string, CellValue>>): void => {
  store.index(id, version, values)
  store.putRow(id, values, at(version))
}
const isThere = (store: MemoryPair, id: string) => ({
  document: store.document(id) !== undefined,
  row: store.row(id) !== undefined,
})
const nowhere = { document: false, row: false }
const everywhere = { document: true, row: true }

test('what both sides hold as deleted goes from both, and nothing else', async () => {
  const [old, young, kept, differs] = idsOf(4, 'purge') as [string, string, string, string]
  const store = open()
  synced(store, old, v0, { deleted: true })
  synced(store, young, v0 + 9_000, { deleted: true })
  synced(store, kept, v0, { a: 1 })
  store.index(differs, v0, { deleted: true })
  store.putRow(differs, { a: 1 }, at(v0))

  expect(await purged(store)).toMatchObject({ pair: 'movies', before: v0 + 2_800, read: 2, purged: 1, kept: 1 })

  expect(isThere(store, old)).toEqual(nowhere)
  for (const id of [young, kept, differs]) expect(isThere(store, id)).toEqual(everywhere)
  expect(store.openViews).toBe(0)
})

test('a second purge finds nothing to do', async () => {
  const [id] = idsOf(1, 'again') as [string]
  const store = open()
  synced(store, id, v0, { deleted: true })
  await purged(store)
  store.forget()
  expect(await purged(store)).toMatchObject({ read: 0, purged: 0, kept: 0 })
  expect(store.writes).toEqual([])
})

test('a dry run counts what would go, and removes nothing', async () => {
  const [id] = idsOf(1, 'dry') as [string]
  const store = open()
  synced(store, id, v0, { deleted: true })
  expect(await purged(store, { dryRun: true })).toMatchObject({ read: 1, purged: 1, kept: 0 })
  expect(store.writes).toEqual([])
  expect(isThere(store, id)).toEqual(everywhere)
})

test('rows are removed before documents, so that an interrupted purge is finished by the next one', async () => {
  const [id] = idsOf(1, 'cut') as [string]
  const store = open()
  synced(store, id, v0, { deleted: true })
  store.onRequest = (kind) => {
    if (kind === 'bulk') throw new CaesError('CAES_ELASTICSEARCH_DOWN', 'lost')
  }
  await expect(purged(store)).rejects.toThrow('lost')
  expect(isThere(store, id)).toEqual({ document: true, row: false })
  expect(store.openViews).toBe(0)

  store.onRequest = () => {}
  expect(await purged(store)).toMatchObject({ read: 1, purged: 1 })
  expect(isThere(store, id)).toEqual(nowhere)
})

describe('a newer write that comes in between survives on both sides', () => {
  test('a document, in whichever moment of the purge', async () => {
    for (const moment of ['page', 'read-rows', 'remove-rows', 'bulk'] as const) {
      const [id] = idsOf(1, moment) as [string]
      const store = open()
      synced(store, id, v0, { deleted: true })
      store.onRequest = (kind) => {
        if (kind === moment) store.index(id, v0 + 9_990, { a: 2 })
      }
      expect(await purged(store)).toMatchObject({ purged: 0, kept: 1 })
      store.onRequest = () => {}
      await store.sync(v0 + 9_980, v0 + 9_998)
      expect(store.document(id)).toMatchObject({ version: v0 + 9_990, source: { a: 2 } })
      expect(store.row(id)).toEqual({ a: 2 })
    }
  })

  test('a row, in whichever moment of the purge', async () => {
    for (const moment of ['page', 'read-rows', 'remove-rows', 'bulk'] as const) {
      const [id] = idsOf(1, moment) as [string]
      const store = open()
      synced(store, id, v0, { deleted: true })
      store.onRequest = (kind) => {
        if (kind === moment) store.batch(id, v0 + 9_990, { a: 2, deleted: null })
      }
      await purged(store)
      store.onRequest = () => {}
      await store.sync(v0 + 9_980, v0 + 9_998)
      expect(store.document(id)).toMatchObject({ version: v0 + 9_990, source: { a: 2 } })
      expect(store.row(id)).toEqual({ a: 2 })
    }
  })
})

test.each(['entries', 'write-times'] as const)(
  'a window that read the document before and writes its row after brings nothing back (%s)',
  async (labels) => {
    const [id] = idsOf(1, 'resurrect') as [string]
    const store = open({ rules: { labels } })
    // The row was lost, so the window writes it anew.
    store.index(id, v0, { deleted: true })
    let isPurging = false
    store.onRequest = async (kind) => {
      if (kind !== 'write-rows' || isPurging) return
      isPurging = true
      await purged(store)
    }
    await store.sync(v0, v0 + 10)
    expect(isPurging).toBe(true)
    expect(isThere(store, id)).toEqual(nowhere)

    store.documents.forgetTombstones()
    await store.sync(v0, v0 + 10)
    expect(isThere(store, id)).toEqual(nowhere)
  },
)

test('every deleted document is looked at once, however few a view is read for', async () => {
  const views: number[] = []
  for (const perView of [1, 3, 7, 1_000]) {
    const store = open({ pageSize: 3 })
    const ids = idsOf(40, `views ${perView}`)
    // Some versions have more records than a page.
    for (const [index, id] of ids.entries()) synced(store, id, v0 + Math.floor(index / 5), { deleted: true })
    const [keptId] = idsOf(1, `kept ${perView}`) as [string]
    store.index(keptId, v0 + 3, { deleted: true })
    store.putRow(keptId, { a: 1 }, at(v0))
    expect(await purged(store, { perView, dryRun: true })).toMatchObject({ read: 41, purged: 40, kept: 1 })
    store.forget()
    expect(await purged(store, { perView })).toMatchObject({ read: 41, purged: 40, kept: 1 })
    expect(ids.filter((id) => store.document(id) !== undefined)).toEqual([])
    // One view where all fit; more of them the fewer may be in one.
    views.push(store.count('open view'))
  }
  expect(views.at(-1)).toBe(1)
  expect(views[0]).toBeGreaterThan(3)
  expect(views).toEqual(views.toSorted((a, b) => b - a))
})

test('documents that break the contract, or fit no column, are kept', async () => {
  const [stamped, misfit] = idsOf(2, 'odd') as [string, string]
  const store = open()
  store.documents.put(stamped, v0, { deleted: true, timestamp: v0 + 1 })
  store.index(misfit, v0, { deleted: true, a: 'text' })
  expect(await purged(store)).toMatchObject({ read: 2, purged: 0, kept: 2 })
})

test.each([
  ['is no column', 'removed', 'is not mirrored'],
  ['is no boolean', 'a', 'is of type int'],
])('a field that %s is refused', async (_, field, problem) => {
  const store = open()
  const attempt = purge(store.pair, { ...purgeRules, field }, { signal: new AbortController().signal })
  await expect(attempt).rejects.toMatchObject({
    code: 'CAES_SCHEMA_MISMATCH',
    message: expect.stringContaining(problem),
  })
  expect(store.requests).toEqual([])
})

test('a purge that is cancelled sends nothing more', async () => {
  const [id] = idsOf(1, 'stop') as [string]
  const store = open()
  synced(store, id, v0, { deleted: true })
  const stop = new AbortController()
  const reason = new Error('enough')
  store.onRequest = (kind) => {
    if (kind === 'read-rows') stop.abort(reason)
  }
  await expect(purged(store, { signal: stop.signal })).rejects.toBe(reason)
  expect(store.writes).toEqual([])
})
