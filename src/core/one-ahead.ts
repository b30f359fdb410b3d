/** The same items, the next of which is under way while the consumer works on one. Nothing is left running behind it. */
export async function* oneAhead<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]()
  let coming = settled(iterator.next())
  try {
    for (;;) {
      const result = await coming
      if (result.status === 'rejected') throw result.reason
      if (result.value.done === true) return
      coming = settled(iterator.next())
      yield result.value.value
    }
  } finally {
    await coming
    await iterator.return?.()
  }
}

/** A promise that may wait unread: its failure is a value until somebody asks. */
export const settled = async <T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> => {
  const [result] = await Promise.allSettled([promise])
  return result
}
