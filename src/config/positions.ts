/** Finding the place of a value by its path. */
import type { Node, Path } from './nodes.js'
import type { Origin } from './origin.js'

/** Turns offsets into positions; breaks are LF, CR and CRLF. */
export const positionsIn = (text: string, source: string): ((offset: number) => Origin) => {
  const starts = [0]
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length)
  return (offset) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { kind: 'file', source, line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
  }
}

/**
 * The place to point at for a path. Where the path is not in the file, that is the key of the innermost block that
 * is, since that is where the missing key belongs.
 */
export const locate = (root: Node, path: Path, part: 'key' | 'value' = 'value'): Origin => {
  let node = root
  let key: Origin | undefined
  for (const step of path) {
    const entry = node.kind === 'mapping' ? node.entries.get(String(step)) : undefined
    const next = entry?.value ?? (node.kind === 'sequence' ? node.items[Number(step)] : undefined)
    if (next === undefined) return key ?? node.at
    key = entry?.keyAt ?? next.at
    node = next
  }
  return part === 'key' ? (key ?? node.at) : node.at
}
