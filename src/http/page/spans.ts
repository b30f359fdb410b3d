/** How far back the page can show. Redis keeps windows that are done for a day, at most a thousand of them. */
import type { Micros } from '../../core/version.js'

const minute = 60_000_000

interface SpanWords {
  readonly title: string
  readonly last: string
  readonly ago: string
}

export const spans = {
  '15m': { title: '15 minutes', last: 'last 15 minutes', ago: '15 min ago', length: 15 * minute },
  '1h': { title: '1 hour', last: 'last hour', ago: '1 h ago', length: 60 * minute },
  '6h': { title: '6 hours', last: 'last 6 hours', ago: '6 h ago', length: 360 * minute },
  '24h': { title: '24 hours', last: 'last 24 hours', ago: '24 h ago', length: 1_440 * minute },
} as const satisfies Record<string, SpanWords & { readonly length: Micros }>

export type SpanName = keyof typeof spans

/** The one that was asked for, or else the shortest that shows everything from `since` on. */
export const spanOf = (asked: string | undefined, now: Micros, since: Micros | undefined): SpanName => {
  if (asked !== undefined && Object.hasOwn(spans, asked)) return asked as SpanName
  const names = Object.keys(spans) as SpanName[]
  const needed = since === undefined ? 0 : now - since
  return names.find((name) => spans[name].length >= needed) ?? longest
}

const longest: SpanName = '24h'
