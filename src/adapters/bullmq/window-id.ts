/**
 * The ids of jobs. The same window has the same id whoever plans it, and the same part of it whoever divides it, so
 * neither can be queued twice. BullMQ forbids `:` and ids of digits only.
 */
import type { WindowPart } from '../../core/window-part.js'
import type { Window } from '../../core/window.js'

export interface PairWindow {
  readonly pair: string
  readonly window: Window
}

/** `default.1427254200-1427254260`. */
export const windowId = (pair: string, { from, to }: Window): string => `${encodeURIComponent(pair)}.${from}-${to}`

/** `audit+default.1427254200-1427254800`: never taken for a window, so it holds nothing up. */
export const auditId = (pair: string, window: Window): string => `${auditStart(pair)}${window.from}-${window.to}`

/** What the ids of all audits of a pair, and of their parts, begin with. */
export const auditStart = (pair: string): string => `audit+${encodeURIComponent(pair)}.`

/**
 * `default.1427254200-1427254260+1427254210-1427254220`, and with a share of the ids `….2of5` behind it.
 * @param whole id of the job that was divided
 */
export const partId = (whole: string, { from, to, ids }: WindowPart): string =>
  `${whole}+${from}-${to}${ids.of === 1 ? '' : `.${ids.index + 1}of${ids.of}`}`

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

const partShape = /^(?<whole>.+)\+(?<from>\d+)-(?<to>\d+)(?:\.(?<nth>\d+)of(?<of>\d+))?$/

/** The same for the job of a part. */
export const partOfId = (id: string): (PairWindow & { readonly part: WindowPart }) | undefined => {
  const { whole = '', from, to, nth = '1', of = '1' } = partShape.exec(id)?.groups ?? {}
  const found = windowOfId(whole)
  if (found === undefined) return undefined
  const part = { from: Number(from), to: Number(to), ids: { index: Number(nth) - 1, of: Number(of) } }
  return partId(whole, part) === id ? { ...found, part } : undefined
}
