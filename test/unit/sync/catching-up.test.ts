import { expect, test } from 'vitest'
import { lookEnd } from '../../../src/core/look-end.js'
import { idsOf } from '../../support/ids.js'
import { at, rules, v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

test('a look ends where the row tells as much, and only for windows of long ago that count in time', () => {
  const window = { from: v0, to: v0 + 10 }
  expect(lookEnd(rules, window, at(v0 + 50))).toBeUndefined()
  expect(lookEnd(rules, window, at(v0 + 50) + 1)).toBe(v0 + 50)
  expect(lookEnd(rules, { from: 0, to: 100 }, at(v0 + 50_000))).toBeUndefined()
})

test.each([20, 80])('what is read for a gap of %i windows grows with the gap, not with its square', async (windows) => {
  const ids = idsOf(windows * 10, 'gap')
  const length = 60
  const store = new MemoryPair({ now: at(v0 + windows * length + 100) })
  for (const [at_, id] of ids.entries()) {
    const version = v0 + Math.floor(at_ / 10) * length + (at_ % 10) * 6
    store.batch(id, version, { a: at_ })
  }
  let entriesRead = 0
  const { entries } = store.pair.rows
  store.pair.rows.entries = async function* (from, signal, before) {
    for await (const page of entries(from, signal, before)) {
      entriesRead += page.length
      yield page
    }
  }
  for (let window = 0; window < windows; window += 1) {
    await store.sync(v0 + window * length, v0 + (window + 1) * length, { tilesTime: true })
  }
  for (const [at_, id] of ids.entries()) expect(store.document(id)?.source).toMatchObject({ a: at_ })
  // Each window reads its own ten, and as much again before and behind it.
  expect(entriesRead / ids.length).toBeLessThan(3)
})

test('a row that was written long after its version is left to a later window, unless its range is asked for', async () => {
  const [id] = idsOf(1, 'late') as [string]
  const store = new MemoryPair({ now: at(v0 + 10_000) })
  store.batch(id, v0 + 1, { a: 1 }, at(v0 + 5_000))
  const { report } = await store.sync(v0, v0 + 10, { tilesTime: true })
  expect(report.written).toEqual({ elasticsearch: 0, cassandra: 0 })
  await store.sync(v0, v0 + 10)
  expect(store.document(id)).toMatchObject({ version: v0 + 1, source: { a: 1 } })
})

test('so is one whose entry lies just beyond the look, although its cells are a little older', async () => {
  const [id] = idsOf(1, 'beyond') as [string]
  const store = new MemoryPair({ now: at(v0 + 10_000) })
  store.index(id, v0 + 1, { a: 1 })
  // The look of the window ends two overlaps behind it, at v0 + 50.
  store.batch(id, v0 + 51, { a: 2 }, at(v0 + 45))
  const { report } = await store.sync(v0, v0 + 10, { tilesTime: true })
  expect(report).toMatchObject({ unlabelled: 0, written: { elasticsearch: 0, cassandra: 0 } })
  await store.sync(v0 + 50, v0 + 60, { tilesTime: true })
  expect(store.document(id)).toMatchObject({ version: v0 + 51, source: { a: 2 } })
})
