/** How long something takes, for people: the two largest units that count. */
import type { Micros } from './version.js'

const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const

/** `0 s`, `42 s`, `3 min 20 s`, `2 h 5 min`, `4 d`. Whole seconds, rounded down. */
export const spanLabel = (span: Micros): string => {
  let seconds = Math.floor(span / 1_000_000)
  const first = units.findIndex(([, size]) => seconds >= size)
  if (first === -1) return '0 s'
  const parts: string[] = []
  for (const [name, size] of units.slice(first, first + 2)) {
    const count = Math.floor(seconds / size)
    seconds -= count * size
    if (count > 0) parts.push(`${count} ${name}`)
  }
  return parts.join(' ')
}
