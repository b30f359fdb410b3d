/** The same items, the next of which is under way while the consumer works on one. Nothing is left running behind it. */
export async function* oneAhead<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]()
  let coming = settled(iterator.next())
  try {
    for (;;) {
      const result = valueOf(await coming)
      if (result.done === true) return
      coming = settled(iterator.next())
      yield result.value
    }
  } finally {
    await coming
    await iterator.return?.()
  }
}

/** Items of which the first is under way already. Who has not read them to the end, has to end them. */
export interface Begun<T> extends AsyncIterable<T> {
  end(): Promise<void>
}

/** The same items. To be read once. */
export const begun = <T>(items: AsyncIterable<T>): Begun<T> => {
  const iterator = items[Symbol.asyncIterator]()
  const first = settled(iterator.next())
  return {
    async *[Symbol.asyncIterator]() {
      let result = valueOf(await first)
      while (result.done !== true) {
        yield result.value
        result = await iterator.next()
      }
    },
    end: async () => {
      await first
      await iterator.return?.()
    },
  }
}

/** A promise that may wait unread: its failure is a value until somebody asks. */
export const settled = async <T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> => {
  const [result] = await Promise.allSettled([promise])
  return result
}

/** What it resolved to, or its failure, thrown. */
export const valueOf = <T>(result: PromiseSettledResult<T>): T => {
  if (result.status === 'rejected') throw result.reason
  return result.value
}
