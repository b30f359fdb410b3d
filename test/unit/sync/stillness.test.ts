import { describe, expect, test } from 'vitest'
import { idsOf } from '../../support/ids.js'
import { at, second, v0 } from '../../support/observations.js'
import { MemoryPair } from './memory-pair.js'

const [id, other] = idsOf(2, 'still') as [string, string]

describe('logical versions', () => {
  /** The row's cells are `age` old; its label says nothing about that. */
  const young = (age: number): MemoryPair => {
    const store = new MemoryPair()
    store.batch(id, 10, { a: 1 }, store.clock.now() - age)
    store.index(id, 11, { a: 2 })
    return store
  }

  test('a row that was written longer than the hold ago is written at once, over its cells', async () => {
    const store = young(10 * second)
    const there = store.clock.now() - 10 * second
    await store.sync(0, 100)
    expect(store.row(id)).toEqual({ a: 2 })
    expect(store.rows.rowOf(id)?.writeTime).toBe(there + 12)
    expect(store.count('get')).toBe(0)
  })

  test('a row that was written since is looked at twice, settle apart', async () => {
    const store = young(0.5 * second)
    const started = store.clock.now()
    await store.sync(0, 100)
    expect(store.clock.now() - started).toBe(2 * second)
    expect(store.requests.slice(store.requests.indexOf('get'))).toEqual([
      'get',
      'read-entries',
      'read-rows',
      'read-entries',
      'write-entries',
      'write-rows',
    ])
    expect(store.row(id)).toEqual({ a: 2 })
  })

  test('what a client wrote during the wait wins, if it is newer', async () => {
    const store = young(0.5 * second)
    store.onRequest = (kind, occurrence) => {
      if (kind === 'get' && occurrence === 1) store.batch(id, 12, { a: 3 }, store.clock.now())
    }
    expect((await store.sync(0, 100)).report.written).toEqual({ elasticsearch: 1, cassandra: 0 })
    expect(store.row(id)).toEqual({ a: 3 })
    expect(store.document(id)).toMatchObject({ version: 12, source: { a: 3 } })
  })

  test('a wall clock that is set back meanwhile does not make the wait longer', async () => {
    const store = young(0.5 * second)
    const slept: number[] = []
    const { sleep } = store.clock
    store.clock.sleep = (span, signal) => {
      slept.push(span)
      return sleep.call(store.clock, span, signal)
    }
    // Between the reading and the wait stands what is written of the same chunk.
    store.index(other, 9, { a: 1 })
    store.onRequest = (kind, occurrence) => {
      if (kind === 'write-rows' && occurrence === 1) store.clock.step(-3600 * second)
    }
    await store.sync(0, 100)
    expect(slept.length).toBeGreaterThan(0)
    expect(Math.max(...slept)).toBeLessThanOrEqual(2 * second)
  })

  test('a row that never stands still is held, and nothing is written over it', async () => {
    const store = young(0)
    let value = 1
    store.onRequest = (kind) => {
      if (kind === 'read-rows') store.batch(id, 10, { a: (value += 1) }, store.clock.now())
    }
    const { report } = await store.sync(0, 100)
    expect(report).toMatchObject({ held: 1, written: { elasticsearch: 0, cassandra: 0 } })
    expect(store.writes).toEqual([])
    expect(store.count('read-rows')).toBe(6)
  })
})

describe('the last chance of a version that is a time', () => {
  const version = v0 + 1
  /** A row written late under an older label, when no later window will cover the document's version. */
  const lastChance = (): MemoryPair => {
    const store = new MemoryPair({ now: at(version, 20) })
    store.index(id, version, { a: 2 })
    store.batch(id, version - 1, { a: 1 }, at(version, 18))
    return store
  }

  test('two equal looks settle apart decide', async () => {
    const store = lastChance()
    const looks: number[] = []
    store.onRequest = (kind) => {
      if (kind === 'read-entries') looks.push(store.clock.now() - at(version, 20))
    }
    expect((await store.sync(v0, v0 + 10)).report).toMatchObject({ written: { cassandra: 1 }, held: 0 })
    // The reading, the reading again, and the second look before the write.
    expect(looks).toEqual([0, 2 * second, 2 * second])
    expect(store.rows.rowOf(id)?.writeTime).toBe(at(version, 18) + 1)
  })

  test('a sync that stood still between the look and the rows waits from when it had read both', async () => {
    const store = lastChance()
    const rowsRead: number[] = []
    store.onRequest = (kind, occurrence) => {
      if (kind !== 'read-rows') return
      if (occurrence === 1) store.clock.pass(2 * second)
      rowsRead.push(store.clock.now())
    }
    expect((await store.sync(v0, v0 + 10)).report.written.cassandra).toBe(1)
    expect(rowsRead.map((time) => time - rowsRead[0]!)).toEqual([0, 2 * second])
  })

  test('an entry that turns up between them tells what the row was', async () => {
    const store = lastChance()
    store.onRequest = (kind) => {
      if (kind === 'get') store.rows.putEntry(id, version + 3)
    }
    expect((await store.sync(v0, v0 + 10)).report.written).toEqual({ elasticsearch: 1, cassandra: 0 })
    expect(store.document(id)).toMatchObject({ version: version + 3, source: { a: 1 } })
  })

  test('a row that changes between them starts the wait anew, and is held if it never stops', async () => {
    const store = lastChance()
    let value = 1
    store.onRequest = (kind) => {
      if (kind === 'read-rows') store.putRow(id, { a: (value += 1) }, store.clock.now())
    }
    expect((await store.sync(v0, v0 + 10)).report).toMatchObject({ held: 1, written: { cassandra: 0 } })
    expect(store.writes).toEqual([])
  })

  test('before it, the record is held for the windows that still cover it', async () => {
    const store = new MemoryPair({ now: at(version, 19) })
    store.index(id, version, { a: 2 })
    store.batch(id, version - 1, { a: 1 }, at(version, 18))
    const { report } = await store.sync(v0, v0 + 10)
    expect(report).toMatchObject({ held: 1 })
    expect([store.writes, store.count('get')]).toEqual([[], 0])
  })
})
