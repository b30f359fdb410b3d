/** The same items in groups of exactly `size`, but for the last one. */
export async function* regrouped<T>(groups: AsyncIterable<readonly T[]>, size: number): AsyncGenerator<readonly T[]> {
  let rest: T[] = []
  for await (const group of groups) {
    rest.push(...group)
    let start = 0
    for (; rest.length - start >= size; start += size) yield rest.slice(start, start + size)
    rest = rest.slice(start)
  }
  if (rest.length > 0) yield rest
}
