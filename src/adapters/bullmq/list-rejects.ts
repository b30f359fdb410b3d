/** Before a job counts as done: where its rejects cannot be listed now, it is run again and meets them again. */
import type { Reject } from '../../core/reject.js'
import type { Logger } from '../../ports/logger.js'
import type { RejectList } from '../../ports/reject-list.js'

export interface MetRejects {
  readonly pair: string
  /** How many there were, of which `rejects` may be the first. */
  readonly rejected: number
  readonly rejects: readonly Reject[]
  /** What met them: `a window`. */
  readonly by: string
}

export const listRejects = async (
  list: RejectList,
  logger: Logger,
  { pair, rejected, rejects, by }: MetRejects,
): Promise<void> => {
  if (rejects.length === 0) return
  await list.add(pair, rejects)
  if (rejected <= rejects.length) return
  logger.warn({ pair, rejected, listed: rejects.length }, `more records were set aside than ${by} lists`)
}
