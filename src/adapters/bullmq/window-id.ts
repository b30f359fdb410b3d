/** The id of a window's job: the same window has the same id whoever plans it, so it cannot be queued twice. */
import type { Window } from '../../core/window.js'

export interface PairWindow {
  readonly pair: string
  readonly window: Window
}

/** `default.1427254200-1427254260`. BullMQ forbids `:` and ids of digits only. */
export const windowId = (pair: string, { from, to }: Window): string => `${encodeURIComponent(pair)}.${from}-${to}`

const shape = /^(?<pair>.+)\.(?<from>\d+)-(?<to>\d+)$/

/** What an id says; undefined for an id that is not ours, such as that of a job copied by hand in the board. */
export const windowOfId = (id: string): PairWindow | undefined => {
  const { pair, from, to } = shape.exec(id)?.groups ?? {}
  if (pair === undefined || from === undefined || to === undefined) return undefined
  const window = { from: Number(from), to: Number(to) }
  const decoded = pair.replaceAll(/(?:%[0-9A-Fa-f]{2})+/g, (bytes) =>
    Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'),
  )
  return windowId(decoded, window) === id ? { pair: decoded, window } : undefined
}
