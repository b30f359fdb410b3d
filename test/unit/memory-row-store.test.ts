import { describe, expect, it } from 'vitest'
import { MemoryRowStore } from '../../src/adapters/memory/memory-row-store.js'
import { rowColumns } from '../support/row-columns.js'

const live = new AbortController().signal
const always = (): boolean => true
const id = 'ed31ee76-d49a-4c05-8f0a-6a856a94de8e'
const cells = new Map([['n', 1]])
const make = (): MemoryRowStore => new MemoryRowStore({ columns: rowColumns })

describe('the rows in memory', () => {
  it('show a client’s batch in parts, in the order that the test chooses', async () => {
    const store = make()
    const batch = store.batch(id, 7, cells, 1_000)
    batch.showRow()
    expect(store.rowOf(id)?.writeTime).toBe(1_000)
    expect(store.entriesFrom(0)).toEqual([])
    batch.showEntry()
    expect(store.entriesFrom(0)).toEqual([{ id, version: 7 }])
  })

  it('forget entries whose time to live ran out, and keep the row', () => {
    const store = make()
    const batch = store.batch(id, 7, cells, 1_000)
    batch.showRow()
    batch.showEntry()
    store.expireEntries(8)
    expect(store.entriesFrom(0)).toEqual([])
    expect(store.rowOf(id)).toBeDefined()
  })

  it('are gone after a delete, up to its write time', () => {
    const store = make()
    store.putRow(id, cells, 1_000)
    store.deleteRow(id, 1_000)
    expect(store.rowOf(id)).toBeUndefined()
    store.putRow(id, cells, 1_001)
    expect(store.rowOf(id)?.writeTime).toBe(1_001)
  })

  it('take a write of which the sender learns nothing, now or later', async () => {
    const store = make()
    let late: (() => void) | undefined
    store.intercept = async (_, apply) => {
      late = apply
      throw new Error('no answer')
    }
    await expect(store.writeEntries([{ id, version: 7 }], always, live)).rejects.toThrow('no answer')
    expect(store.entriesFrom(0)).toEqual([])
    late?.()
    expect(store.entriesFrom(0)).toEqual([{ id, version: 7 }])
  })

  it('reject what the test refuses', async () => {
    const refuse = (): string => 'no'
    const store = new MemoryRowStore({ columns: rowColumns, refuse })
    const write = { id, version: 7, fields: cells, clear: new Set<string>(), writeTime: 1 }
    const outcomes = await store.writeRows([write], new Map(), always, live)
    expect(outcomes).toEqual([{ kind: 'rejected', reason: 'STATEMENT', detail: 'no' }])
    expect(store.ids()).toEqual([])
  })
})
