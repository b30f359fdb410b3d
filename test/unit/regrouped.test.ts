import { describe, expect, it } from 'vitest'
import { regrouped } from '../../src/core/regrouped.js'

describe('groups of one size', () => {
  const collect = async (groups: readonly (readonly number[])[], size: number): Promise<number[][]> => {
    async function* source(): AsyncGenerator<readonly number[]> {
      yield* groups
    }
    const found: number[][] = []
    for await (const group of regrouped(source(), size)) found.push([...group])
    return found
  }

  it('hold the same items in the same order, and only the last is smaller', async () => {
    expect(await collect([[1], [2, 3, 4, 5, 6, 7], [], [8]], 3)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8],
    ])
  })

  it('are none where there is nothing', async () => {
    expect(await collect([[], []], 3)).toEqual([])
  })
})
