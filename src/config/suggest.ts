/** "Did you mean": the known word that a mistyped one is most likely to stand for. */

/** Edits (insert, drop, replace, swap of neighbours) that turn one word into the other. */
export const editDistance = (a: string, b: string): number => {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let cheapest = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cheapest = Math.min(cheapest, (beforeLast[j - 2] ?? 0) + 1)
      }
      row.push(cheapest)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}

/** Letter case and the separators `-` and `_` are what people get wrong most, so they cost nothing. */
const plain = (word: string) => word.toLowerCase().replaceAll(/[-_.]/g, '')

/** Whether the words differ in letter case and separators alone. */
export const sameWord = (a: string, b: string): boolean => plain(a) === plain(b)

/** The closest candidate, or undefined when none is close enough to be a typing error. */
export const closest = (word: string, candidates: Iterable<string>): string | undefined => {
  const wanted = plain(word)
  let best: { candidate: string; distance: number } | undefined
  for (const candidate of candidates) {
    const distance = editDistance(wanted, plain(candidate))
    const tolerated = Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3))
    if (distance <= tolerated && (best === undefined || distance < best.distance)) best = { candidate, distance }
  }
  return best?.candidate
}
