/** Enough to tell the size of a page, and far fewer than it holds. */
const mostWeighed = 64

/** The mean of what the items weigh, from some of them at even distances where there are many; NaN of none. */
export const sampledMean = <T>(items: readonly T[], weigh: (item: T) => number): number => {
  const step = Math.max(1, Math.floor(items.length / mostWeighed))
  let sum = 0
  let weighed = 0
  for (let at = 0; at < items.length; at += step) {
    sum += weigh(items[at]!)
    weighed += 1
  }
  return sum / weighed
}
