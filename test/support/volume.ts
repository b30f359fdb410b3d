/** Many records at once, written as applications write them. */
import type { PairFixture } from './pair-fixture.js'

export const indexMany = async (
  pair: PairFixture,
  ids: readonly string[],
  version: number,
  source: (at: number) => object,
): Promise<void> => {
  for (let start = 0; start < ids.length; start += 5_000) {
    const { errors } = await pair.elasticsearch.bulk({
      operations: ids
        .slice(start, start + 5_000)
        .flatMap((id, at) => [
          { index: { _index: pair.name, _id: id, version, version_type: 'external' } },
          { ...source(start + at), timestamp: version },
        ]),
    })
    if (errors) throw new Error('not every document was accepted')
  }
}

export const batchMany = async (
  pair: PairFixture,
  ids: readonly string[],
  version: number,
  values: (at: number) => Readonly<Record<string, unknown>>,
): Promise<void> => {
  const abreast = 250
  for (let start = 0; start < ids.length; start += abreast) {
    await Promise.all(ids.slice(start, start + abreast).map((id, at) => pair.batch(id, version, values(start + at))))
  }
}
