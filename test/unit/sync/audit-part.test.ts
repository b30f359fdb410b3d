import { describe, expect, it, test } from 'vitest'
import type { Difference } from '../../../src/core/difference.js'
import { ring, type RunPart } from '../../../src/core/run-part.js'
import type { Run } from '../../../src/core/run.js'
import { auditPart, type AuditOptions } from '../../../src/sync/audit-part.js'
import { unhurried } from '../../../src/sync/pace.js'
import { forEverything } from '../../../src/sync/pair.js'
import { openRunLabels } from '../../../src/sync/run-labels.js'
import { workOnPart } from '../../../src/sync/work-on-part.js'
import { idsOf } from '../../support/ids.js'
import { at, v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

const live = new AbortController().signal
const rows: RunPart = { side: 'cassandra', from: String(ring.first), to: String(ring.last) }
const documents: RunPart = { side: 'elasticsearch', from: 0 }

const open = (labels: 'entries' | 'write-times' = 'entries') => {
  const store = new MemoryPair({ now: at(v0), pageSize: 20, rules: { labels } })
  const ids = idsOf(60, 'equal')
  for (const [index, id] of ids.entries()) {
    store.index(id, v0 - 5_000 + index, { a: index })
    store.putRow(id, { a: index }, at(v0 - 5_000 + index))
  }
  return { store, ids }
}
const audit = async ({ pair }: MemoryPair, part: RunPart, more: Partial<AuditOptions> = {}) => {
  const found: (readonly [Difference['kind'], string, boolean])[] = []
  const everything = forEverything(pair)
  const outcome = await auditPart(everything, await openRunLabels(everything, 0, live), part, {
    grace: 40_000_000,
    pace: unhurried,
    signal: live,
    onDifference: ({ id, kind }, repaired) => void found.push([kind, id, repaired]),
    ...more,
  })
  return { ...outcome, found }
}

describe('an audit of what both sides hold alike', () => {
  test.each(['entries', 'write-times'] as const)(
    'reads it, by %s, and neither writes nor tells anything',
    async (labels) => {
      const { store } = open(labels)
      for (const part of [rows, documents]) {
        const { result, found } = await audit(store, part)
        expect(result).toMatchObject({ read: 60, differences: 0, repaired: 0, left: 0, rejected: 0 })
        expect(found).toEqual([])
      }
      expect(store.writes).toEqual([])
    },
  )
})

describe('an audit of what differs', () => {
  it('finds it by its row, tells it, and repairs it as a window does', async () => {
    const { store, ids } = open()
    const [changed, newer, alone] = [ids[0]!, ids[1]!, idsOf(1, 'row alone')[0]!]
    store.putRow(changed, { a: -1 }, at(v0 - 4_000))
    store.rows.putEntry(newer, v0 - 3_000)
    store.putRow(newer, { a: 1 }, at(v0 - 3_000))
    store.putRow(alone, { a: 7 }, at(v0 - 2_000))

    const { result, found } = await audit(store, rows)

    expect(result).toMatchObject({ read: 61, differences: 3, repaired: 3, left: 0 })
    expect(found.map(([kind, id]) => `${id} ${kind}`).sort()).toEqual(
      [`${changed} stale`, `${newer} stale`, `${alone} missing`].sort(),
    )
    expect(store.document(changed)).toMatchObject({ version: v0 - 4_000, source: { a: -1 } })
    expect(store.document(newer)).toMatchObject({ version: v0 - 3_000 })
    expect(store.document(alone)).toMatchObject({ source: { a: 7 } })
    expect((await audit(store, rows)).result).toMatchObject({ differences: 0 })
  })

  it('finds a document without a row, and a row whose write time tells a newer version', async () => {
    const { store } = open()
    const [alone] = idsOf(1, 'document alone') as [string]
    store.index(alone, v0 - 2_000, { a: 7 })
    expect(await audit(store, documents)).toMatchObject({
      result: { differences: 1, repaired: 1 },
      found: [['missing', alone, true]],
    })
    expect(store.row(alone)).toEqual({ a: 7 })

    const timed = open('write-times')
    timed.store.putRow(timed.ids[0]!, { a: 0 }, at(v0 - 4_000))
    expect((await audit(timed.store, rows)).found).toEqual([['stale', timed.ids[0], true]])
  })

  it('leaves what was written just now to windows, and does not wait for it', async () => {
    const { store, ids } = open()
    store.batch(ids[0]!, v0 - 3, { a: -1 })
    const before = store.clock.monotonic()
    const { result } = await audit(store, rows)
    expect(result).toMatchObject({ differences: 0, left: 0 })
    expect(store.writes).toEqual([])
    expect(store.clock.monotonic() - before).toBeLessThan(10_000_000)
  })

  it('counts what cannot be repaired as left, and what cannot be synced as rejected', async () => {
    const { store, ids } = open()
    // Written within the overlap after the document, and no entry is left: nothing tells who wins.
    store.putRow(ids[0]!, { a: -1 }, at(v0 - 5_000 + 5))
    store.index('no uuid', v0 - 100, { a: 1 })
    expect((await audit(store, rows)).result).toMatchObject({ differences: 1, repaired: 0, left: 1 })
    const { result, rejects } = await audit(store, documents)
    expect(result).toMatchObject({ differences: 0, rejected: 1 })
    expect(rejects).toMatchObject([{ reason: 'ID_NOT_UUID' }])
  })

  it('is never silent: each part that finds something says what in the log', async () => {
    const { store, ids } = open()
    store.putRow(ids[0]!, { a: -1 }, at(v0 - 4_000))
    const cut = { rowParts: 1, cuts: [], expected: 0, begunAt: 1 }
    const run: Run = { pair: 'movies', number: 4, plan: { purpose: 'audit', source: 'both', cut }, startedAt: 1 }
    const options = { dryRun: false, pace: unhurried, signal: live, grace: 40_000_000 }
    const labels = await openRunLabels(forEverything(store.pair), 0, live)
    expect((await workOnPart(store.pair, run, 0, labels, options)).result).toMatchObject({
      differences: 1,
      repaired: 1,
    })
    expect(store.logged.filter(({ level }) => level === 'warn')).toMatchObject([
      { fields: { run: 4, differences: 1, repaired: 1, records: [`${ids[0]} (stale)`] } },
    ])
  })
})
