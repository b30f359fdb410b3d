/** What the job of a record that was set aside carries. It is small, and never holds the record's content. */
import { createHash } from 'node:crypto'
import { CaesError } from '../../core/errors.js'
import { printable, shortened } from '../../core/printable.js'
import { isRejectReason, type Reject } from '../../core/reject.js'

export const rejectsQueue = 'rejects'

export interface RejectJobData {
  readonly pair: string
  readonly side: Reject['side']
  /** The record's id as it is: any text of up to 512 bytes. */
  readonly id: string
  readonly reason: Reject['reason']
  readonly detail: string
  readonly version?: number
}

/** How a retry ended that left nothing to do; shown on the board. */
export interface RejectJobResult {
  readonly outcome: string
}

const longestDetail = 500

export const rejectJobData = (pair: string, { side, id, reason, detail, version }: Reject): RejectJobData => ({
  pair,
  side,
  id,
  reason,
  detail: shortened(detail, longestDetail),
  ...(version === undefined || !Number.isFinite(version) ? {} : { version }),
})

/**
 * `default.5j0c8v2n1q7e4k3m`: the pair, so that rejects are counted without being read, and a hash of what makes one
 * reject different from another. Ids of records are foreign text; BullMQ forbids `:` and ids of digits only.
 */
export const rejectJobId = (pair: string, { side, id, reason, version }: Reject): string => {
  const identity = JSON.stringify([side, id, reason, String(version)])
  const hash = createHash('sha256').update(pair).update('\0').update(identity).digest('hex')
  return `${encodeURIComponent(pair)}.${BigInt(`0x${hash}`).toString(32).padStart(52, '0').slice(-16)}`
}

const shape = /^(?<pair>.+)\.[0-9a-v]{16}$/

/** The pair of a reject's job; undefined for an id that is not ours, such as that of a job made by hand. */
export const pairOfRejectJob = (jobId: string): string | undefined => {
  const encoded = shape.exec(jobId)?.groups?.['pair']
  if (encoded === undefined) return undefined
  try {
    return decodeURIComponent(encoded)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}

/** Errors: CAES_CONFIG_INVALID for data that no window reported. */
export const readRejectJob = (
  data: Partial<RejectJobData> | null | undefined,
): { readonly pair: string; readonly reject: Reject } => {
  const { pair, side, id, reason, detail, version } = data ?? {}
  if (
    typeof pair === 'string' &&
    (side === 'elasticsearch' || side === 'cassandra') &&
    typeof id === 'string' &&
    isRejectReason(reason) &&
    typeof detail === 'string' &&
    (version === undefined || typeof version === 'number')
  ) {
    return { pair, reject: { side, id, reason, detail, ...(version === undefined ? {} : { version }) } }
  }
  throw new CaesError('CAES_CONFIG_INVALID', 'the job does not hold { pair, side, id, reason, detail } of a reject', {
    hint: 'remove the job; rejects are listed by the windows that meet them',
  })
}

const longestShownId = 80

/** `default · TYPE_MISMATCH · "ed31ee76-…" in elasticsearch`, whatever the data is. */
export const rejectJobName = (data: Partial<RejectJobData> | null | undefined, name: string): string => {
  const { pair, side, id, reason } = data ?? {}
  if (typeof pair !== 'string' || typeof id !== 'string') return printable(name)
  return printable(`${pair} · ${reason} · "${shortened(id, longestShownId)}" in ${side}`)
}
