/** Both lists in order, spread evenly over each other: what needs two servers then keeps both busy from start to end. */
export const interleave = <T>(a: readonly T[], b: readonly T[]): T[] => {
  const placed = [a, b].flatMap((list) => list.map((item, at) => ({ item, place: (at + 0.5) / list.length })))
  return placed.sort((x, y) => x.place - y.place).map(({ item }) => item)
}
