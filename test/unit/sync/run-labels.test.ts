import { describe, expect, test } from 'vitest'
import type { Rules } from '../../../src/core/rules.js'
import { openRunLabels } from '../../../src/sync/run-labels.js'
import { second } from '../../support/default-rules.js'
import { idsOf } from '../../support/ids.js'
import { at, v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

const live = new AbortController().signal

describe('the entries of a run', () => {
  const [old, fresh, counted, other] = idsOf(4, 'run-labels') as [string, string, string, string]
  /** Where each reading of the table began. */
  const open = async (since = 0, rules: Partial<Rules> = {}) => {
    const store = new MemoryPair({ now: at(v0), rules })
    store.rows.putEntry(old, v0 - 5_000)
    store.rows.putEntry(counted, 7)
    const reads: number[] = []
    const { intercept } = store.rows
    store.rows.intercept = (request, apply, signal) => {
      if (request.kind === 'read-entries') reads.push(request.from)
      return intercept(request, apply, signal)
    }
    return { store, reads, labels: await openRunLabels(store.pair, since, live) }
  }

  test('are read once, and from then on only where new ones may come', async () => {
    const { store, reads, labels } = await open()
    expect(labels.get(old)).toBe(v0 - 5_000)
    expect(reads).toEqual([0])

    store.clock.pass(100 * second)
    store.rows.putEntry(fresh, v0 + 90)
    store.rows.putEntry(counted, 8)
    reads.length = 0
    const look = await labels.looks.again([old, fresh, counted])
    expect([...look.labels]).toEqual([
      [old, v0 - 5_000],
      [fresh, v0 + 90],
      [counted, 8],
    ])
    expect(look.startedAt).toBe(at(v0 + 100))
    // Counters, which may come at any time, then from an overlap before the last look on.
    expect(reads).toEqual([0, v0 - 20])
  })

  test('of an earlier look stay what they were, so that a second look can tell what moved', async () => {
    const { store, labels } = await open()
    const first = await labels.looks.again([fresh])
    store.rows.putEntry(fresh, v0)
    const second = await labels.looks.again([fresh])
    expect([first.labels.get(fresh), second.labels.get(fresh)]).toEqual([undefined, v0])
  })

  test('are given for the ids that are asked for, and no others', async () => {
    const { store, labels } = await open()
    store.rows.putEntry(other, v0)
    expect([...(await labels.looks.again([old])).labels].map(([id]) => id)).toEqual([old])
  })

  test('before a version that does not matter are not read', async () => {
    const { reads, labels } = await open(v0 - 100)
    expect(reads).toEqual([v0 - 100])
    expect(labels.get(old)).toBeUndefined()
  })

  test('are those of what may still be landing where cells tell versions', async () => {
    const { reads } = await open(0, { labels: 'write-times' })
    expect(reads).toEqual([0, v0 - 40])
  })

  test('that cannot be true label nothing', async () => {
    const { store, labels } = await open()
    store.rows.putEntry(old, v0 + 100_000)
    await labels.looks.again([old])
    expect(labels.get(old)).toBe(v0 - 5_000)
  })
})
