/** A bound on waiting for something that has none of its own. The work itself is not stopped. */

/** True once `work` has settled, false after `limitMs`. A rejection of `work` is passed on. */
export const settledWithin = async (work: Promise<unknown>, limitMs: number): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs)
  })
  try {
    return await Promise.race([work.then(() => true), limit])
  } finally {
    clearTimeout(timer)
  }
}
