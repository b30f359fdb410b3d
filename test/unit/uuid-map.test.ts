import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UuidMap } from '../../src/core/uuid-map.js'
import { idsOf } from '../support/ids.js'

const uuid = fc.uuid()
const version = fc.oneof(fc.nat(5), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }))

describe('a map of UUIDs', () => {
  it('keeps the greatest value of each, whatever comes in which order', () => {
    const few = fc.uniqueArray(uuid, { minLength: 1, maxLength: 20 })
    const writes = few.chain((ids) => fc.array(fc.tuple(fc.constantFrom(...ids), version), { maxLength: 200 }))
    fc.assert(
      fc.property(writes, uuid, (all, other) => {
        const map = new UuidMap()
        const expected = new Map<string, number>()
        for (const [id, value] of all) {
          map.raise(id, value)
          expected.set(id, Math.max(value, expected.get(id) ?? 0))
        }
        expect([...map]).toEqual([...expected])
        expect(map.size).toBe(expected.size)
        for (const id of [...expected.keys(), other]) {
          expect(map.get(id)).toBe(expected.get(id))
          expect(map.has(id)).toBe(expected.has(id))
        }
      }),
    )
  })

  it('numbers ids in the order in which they came, across all of its segments', () => {
    const ids = idsOf(10_000, 'segments')
    const map = new UuidMap()
    for (const [at, id] of ids.entries()) map.raise(id, at * 2)
    for (const at of [0, 1_023, 1_024, 2_047, 2_048, 4_095, 4_096, 8_191, 8_192, 9_999]) {
      expect(map.positionOf(ids[at]!)).toBe(at)
      expect(map.idAt(at)).toBe(ids[at])
      expect(map.valueAt(at)).toBe(at * 2)
    }
    expect([...map].map(([id]) => id)).toEqual(ids)
  })

  it('finds nothing under what is no UUID in canonical form, and takes no such id', () => {
    const map = new UuidMap()
    const [id] = idsOf(1) as [string]
    map.raise(id, 1)
    for (const other of ['', 'x', id.toUpperCase(), `${id}0`, id.replaceAll('-', '_'), id.replace(/.$/, 'g')]) {
      expect(map.raiseUuid(other, 1)).toBe(false)
      expect(map.get(other)).toBeUndefined()
      expect(() => map.raise(other, 1)).toThrow(RangeError)
    }
    expect(map.size).toBe(1)
  })

  it('takes at most 36 bytes for an id outside of the heap', () => {
    const ids = idsOf(50_000, 'bytes')
    const before = process.memoryUsage().arrayBuffers
    const map = new UuidMap()
    for (const id of ids) map.raise(id, 1)
    // Segments for 65,536 ids, and 131,072 slots; those of before may be collected at any time.
    const room = 65_536 * 24 + 131_072 * 4
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * room)
    expect(map.size).toBe(ids.length)
  })
})
