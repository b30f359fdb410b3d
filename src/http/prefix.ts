/**
 * The path below which a proxy serves the dashboard, when it takes that path away before it asks us. Our own pages do
 * not need it, since they link relative to themselves; the board does.
 */
import type { Context } from 'hono'

/** Plain segments alone: it becomes part of a page. */
const shape = /^(?:\/[\w.~-]+)+$/

/** `/caes`, or nothing. Believed only where a proxy is the only way in. */
export const prefixOf = (context: Context, behindProxy: boolean): string => {
  const said = behindProxy ? (context.req.header('x-forwarded-prefix') ?? '').replace(/\/$/, '') : ''
  return shape.test(said) ? said : ''
}

/** From one of our paths to another, as a browser follows it: `/board/queue/x`, `/login` → `../../login`. */
export const relativePath = (from: string, to: string): string => {
  const ups = Math.max(0, from.split('/').length - 2)
  return `${ups === 0 ? './' : '../'.repeat(ups)}${to.slice(1)}`
}
