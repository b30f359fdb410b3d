/** Gathers single requests into batches: what arrives while one batch is under way makes up the next. */

/**
 * @param most the largest batch
 * @param work answers one batch, in order; its failure is that of every request in it
 */
export const batched = <T, R>(
  most: number,
  work: (items: readonly T[]) => Promise<readonly R[]>,
): ((item: T) => Promise<R>) => {
  interface Waiting {
    readonly item: T
    readonly resolve: (answer: R) => void
    readonly reject: (reason: unknown) => void
  }
  const waiting: Waiting[] = []
  let running = false

  const runAll = async (): Promise<void> => {
    running = true
    while (waiting.length > 0) {
      const batch = waiting.splice(0, most)
      try {
        const answers = await work(batch.map(({ item }) => item))
        if (answers.length !== batch.length) throw new Error(`${answers.length} answers for ${batch.length} requests`)
        for (const [index, { resolve }] of batch.entries()) resolve(answers[index]!)
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    running = false
  }
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      // Not at once: whoever asks in the same turn comes along.
      if (!running && waiting.length === 1) queueMicrotask(() => void runAll())
    })
}
