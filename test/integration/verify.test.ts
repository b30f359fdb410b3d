import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Difference } from '../../src/core/difference.js'
import { versionAt } from '../../src/core/version.js'
import { compare, type Comparison, type Scope } from '../../src/sync/compare.js'
import { Random } from '../simulation/random.js'
import { second } from '../support/default-rules.js'
import { openPair, type PairFixture } from '../support/pair-fixture.js'
import { plant, type Planted } from '../support/planted.js'
import { plantedPair, writePlanted } from '../support/volume.js'

const records = 20_000
const planted = 1_000
const settings = { settle: '500ms', overlap: '8s', freshness: '2s' }
const grace = 14 * second

describe(`a comparison of ${records} records on the real servers`, () => {
  let pair: PairFixture
  let all: readonly Planted[]
  beforeAll(async () => {
    pair = await openPair({ ...plantedPair, sync: settings })
    all = plant(records, planted, versionAt(Date.now() * 1_000, 's') - 1_000, 11)
    await writePlanted(pair, all)
  })
  afterAll(() => pair.close())

  const run = async (scope: Scope, repair = false): Promise<{ result: Comparison; found: Difference[] }> => {
    const found: Difference[] = []
    const result = await compare(pair.pair, {
      scope,
      repair,
      grace,
      signal: new AbortController().signal,
      onDifference: (difference) => found.push(difference),
      onReject: (reject) => expect.fail(JSON.stringify(reject)),
    })
    return { result, found }
  }
  const sorted = <T extends { readonly id: string }>(list: readonly T[]): T[] =>
    list.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const told = (found: readonly Difference[]): { readonly id: string }[] =>
    sorted(found).map(({ id, kind, fields }) => ({ id, kind, fields: fields.map(({ name }) => name).toSorted() }))
  const expected = (): object[] =>
    sorted(all.filter(({ difference }) => difference !== undefined)).map(({ id, difference }) => ({
      id,
      ...difference,
    }))

  test('finds every planted difference and no other', async () => {
    const { result, found } = await run({ kind: 'digests' })
    expect(told(found)).toEqual(expected())
    expect(result).toMatchObject({ compared: records, differences: planted, rejected: 0, open: 0 })
  })

  test('repairs all of them while applications write, tells nothing that is only on its way, and then finds none', async () => {
    const random = new Random(12)
    const untouched = all.filter(({ difference }) => difference === undefined).map(({ id }) => id)
    const enough = new AbortController()
    const written: string[] = []
    /** Both sides get the same, one of them later, as windows do it. */
    const writing = (async () => {
      for (const id of untouched) {
        if (enough.signal.aborted) return
        const [version, values] = [
          versionAt(Date.now() * 1_000, 's'),
          { vint: written.length, vstring: 'of the application', tags: null },
        ]
        const sides = [() => pair.index(id, version, values), () => pair.batch(id, version, values)]
        if (random.chance(0.5)) sides.reverse()
        for (const side of sides) await side()
        written.push(id)
      }
    })()
    const { result, found } = await run({ kind: 'digests' }, true)
    enough.abort()
    await writing

    expect(written.length).toBeGreaterThan(20)
    expect(told(found)).toEqual(expected())
    expect(result).toMatchObject({ differences: planted, repaired: planted })
    const after = await run({ kind: 'digests' })
    expect(after.found).toEqual([])
    expect(after.result).toMatchObject({ compared: records, differences: 0 })
  })
})
