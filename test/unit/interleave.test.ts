import { describe, expect, it } from 'vitest'
import { interleave } from '../../src/core/interleave.js'

describe('two lists over each other', () => {
  it('keep their order and are spread evenly', () => {
    expect(interleave(['a', 'b', 'c', 'd'], ['1', '2']).join('')).toBe('a1bc2d')
    expect(interleave(['a', 'b'], []).join('')).toBe('ab')
    expect(interleave([], [])).toEqual([])
  })
})
