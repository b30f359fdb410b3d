import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Sketch, type Digest } from '../../src/core/sketch.js'

/**
 * The same in each run: one set of ids in a few hundred cannot be told apart, since two ids share all their cells, and
 * that is no fault of the sketch, which says so.
 */
let made = 0
const nextId = (): string => {
  const hex = createHash('sha1')
    .update(`${(made += 1)}`)
    .digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
const ids = (count: number): string[] => Array.from({ length: count }, nextId)
const same: Digest = [1, 2]
const other: Digest = [1, 3]
const small = 3 * 2 ** 10

describe('a sketch of two sets', () => {
  it('invents no id where each cell counts one, and holds three', () => {
    const sketch = new Sketch(3)
    const [a, b, c] = ids(3) as [string, string, string]
    sketch.add(a, same, 1)
    sketch.add(b, same, 1)
    sketch.add(c, same, -1)
    expect(sketch.remainder()).toEqual({ ids: [], onlyPositive: 0, onlyNegative: 0, complete: false })
  })

  it('tells nothing of what both sides hold alike, in whatever order it came', () => {
    const sketch = new Sketch(small)
    const all = ids(20_000)
    for (const id of all) sketch.add(id, same, 1)
    for (const id of all.toReversed()) sketch.add(id, same, -1)
    expect(sketch.remainder()).toEqual({ ids: [], onlyPositive: 0, onlyNegative: 0, complete: true })
    expect(sketch.bytes.every((byte) => byte === 0)).toBe(true)
  })

  it('names exactly the ids that differ, among any number of equal ones', () => {
    const counts = fc.tuple(fc.nat(300), fc.nat(300), fc.nat(300))
    fc.assert(
      fc.property(counts, ([positive, negative, changed]) => {
        const sketch = new Sketch(small)
        const groups = { both: ids(1_000), positive: ids(positive), negative: ids(negative), changed: ids(changed) }
        for (const id of [...groups.both, ...groups.positive, ...groups.changed]) sketch.add(id, same, 1)
        for (const id of [...groups.both, ...groups.negative]) sketch.add(id, same, -1)
        for (const id of groups.changed) sketch.add(id, other, -1)
        const found = sketch.remainder()
        expect(found.complete).toBe(true)
        expect(found.ids.toSorted()).toEqual([...groups.positive, ...groups.negative, ...groups.changed].toSorted())
        expect([found.onlyPositive, found.onlyNegative]).toEqual([positive, negative])
      }),
      { numRuns: 30, seed: 1 },
    )
  })

  it('takes nothing for a single element where several leave a count of one', () => {
    for (let round = 0; round < 20; round += 1) {
      const sketch = new Sketch(small)
      const changed = ids(1_100)
      for (const id of changed) sketch.add(id, same, 1)
      for (const id of changed) sketch.add(id, other, -1)
      const found = sketch.remainder()
      expect(found).toMatchObject({ complete: true, onlyPositive: 0, onlyNegative: 0 })
      expect(found.ids.toSorted()).toEqual(changed.toSorted())
    }
  })

  it('can tell about four fifths as many elements as it has cells', () => {
    const sketch = new Sketch(small)
    const all = ids(Math.floor(small * 0.78))
    for (const id of all) sketch.add(id, same, -1)
    expect(sketch.remainder()).toMatchObject({ complete: true, onlyNegative: all.length })
  })

  it('says so where the sides differ in more than it can tell', () => {
    const sketch = new Sketch(small)
    for (const id of ids(small)) sketch.add(id, same, 1)
    expect(sketch.remainder().complete).toBe(false)
  })

  it('goes on after it was read, and after it was kept elsewhere', () => {
    const sketch = new Sketch(small)
    const [a, b] = ids(2) as [string, string]
    sketch.add(a, same, 1)
    expect(sketch.remainder().ids).toEqual([a])
    const again = Sketch.of(Uint8Array.from(sketch.bytes))
    again.add(b, same, -1)
    again.add(a, same, -1)
    expect(again.remainder()).toMatchObject({ ids: [b], complete: true })
    expect(sketch.remainder().ids).toEqual([a])
  })

  it('takes what another one was given, as if it had been its own', () => {
    const [whole, documents, rows] = [new Sketch(small), new Sketch(small), new Sketch(small)]
    const [both, onlyRow, onlyDocument] = [ids(500), ids(300), ids(200)]
    const add = (id: string, sign: 1 | -1, ...sketches: Sketch[]): void => {
      for (const sketch of sketches) sketch.add(id, same, sign)
    }
    for (const id of [...both, ...onlyDocument]) add(id, 1, whole, documents)
    for (const id of [...both, ...onlyRow]) add(id, -1, whole, rows)
    documents.addAll(rows.bytes)
    expect(documents.bytes).toEqual(whole.bytes)
    expect(documents.remainder()).toMatchObject({ complete: true, onlyPositive: 200, onlyNegative: 300 })
  })

  it('takes nothing from one of another size', () => {
    expect(() => new Sketch(small).addAll(new Sketch(3).bytes)).toThrow(RangeError)
  })

  it('tells ids apart that count up, as those of a bulk load may', () => {
    const sketch = new Sketch(small)
    const all = Array.from({ length: 2_000 }, (_, at) => `00000000-0000-1000-8000-${at.toString(16).padStart(12, '0')}`)
    for (const id of all) sketch.add(id, same, 1)
    expect(sketch.remainder()).toMatchObject({ complete: true, onlyPositive: 2_000 })
  })

  it('takes no id that is no UUID in canonical form', () => {
    expect(() => new Sketch(small).add('ED31EE76-D49A-4C05-8F0A-6A856A94DE8E', same, 1)).toThrow(RangeError)
  })
})
