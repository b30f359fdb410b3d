import { describe, expect, it } from 'vitest'
import { LabelIndex } from '../../src/core/label-index.js'
import { idsOf } from '../support/ids.js'

describe('the newest entries of all ids', () => {
  const [a, b] = idsOf(2, 'label') as [string, string]

  it('are kept, whatever the order in which they come', () => {
    const index = new LabelIndex()
    for (const version of [3, 7, 5]) index.add(a, version)
    expect(index.get(a)).toBe(7)
    expect(index.get(b)).toBeUndefined()
    expect(index.floor).toBe(0)
  })

  it('are those of the newest versions where there are too many, and older ones are not kept any more', () => {
    const index = new LabelIndex(1_000)
    const ids = idsOf(3_000, 'many')
    for (const [version, id] of ids.entries()) index.add(id, version)
    expect(index.size).toBeLessThanOrEqual(1_000)
    expect(index.size).toBeGreaterThan(400)
    expect(index.get(ids.at(-1)!)).toBe(2_999)
    expect(index.get(ids[0]!)).toBeUndefined()
    for (const [version, id] of ids.entries()) {
      expect(index.get(id)).toBe(version >= index.floor ? version : undefined)
    }
    index.add(a, index.floor - 1)
    expect(index.get(a)).toBeUndefined()
  })

  it('are none where all of too many have one version', () => {
    const index = new LabelIndex(100)
    for (const id of idsOf(150, 'alike')) index.add(id, 7)
    expect(index.size).toBeLessThanOrEqual(100)
    expect(index.floor).toBe(8)
  })
})
