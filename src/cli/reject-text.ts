/** The list of rejects for a terminal and for programs. */
import type { KeptReject } from '../adapters/bullmq/reject-queue.js'
import { rejectReasons, rejectText, type RejectReason } from '../core/reject.js'
import { jsonLine } from './json-line.js'
import { table } from './table.js'

const columns = [
  { title: 'ID' },
  { title: 'REASON' },
  { title: 'SIDE', least: 7 },
  { title: 'RECORD', least: 12 },
  { title: 'DETAIL', least: 10 },
]

/** @param width of the terminal, undefined where there is none */
export const describeRejects = (kept: readonly KeptReject[], width: number | undefined): string => {
  if (kept.length === 0) return 'no records are set aside\n'
  const rows = kept.map((each) => {
    const { jobId, reject } = each
    return [jobId, reject.reason, reject.side, reject.id, otherFailure(each) ?? reject.detail]
  })
  const reasons = [...new Set(kept.map(({ reject }) => reject.reason))]
  const lines = [...table(columns, rows, width), '', ...reasons.flatMap(adviceOn), counted(kept.length)]
  return `${lines.join('\n')}\n`
}

const adviceOn = (reason: RejectReason): string[] => {
  const { meaning, advice } = rejectReasons[reason]
  return [`${reason}: ${meaning}`, `  try: ${advice}`]
}

const counted = (count: number): string =>
  `${count} ${count === 1 ? 'record' : 'records'} set aside; when mended: caes-sync rejects retry ID`

/** A retry may have failed for another reason, such as a store that was down. */
const otherFailure = ({ reject, failure }: KeptReject): string | undefined =>
  failure === rejectText(reject) ? undefined : failure

/** One reject as a line of JSON. */
export const rejectLine = (each: KeptReject): string => {
  const { jobId, pair, reject, since, failure } = each
  const { advice } = rejectReasons[reject.reason]
  return jsonLine({
    job: jobId,
    pair,
    ...reject,
    since: new Date(since).toISOString(),
    failure: failure ?? null,
    try: advice,
  })
}
