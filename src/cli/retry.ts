/** `caes-sync retry`: windows begin anew with all their attempts. */
import type { WindowList } from '../adapters/bullmq/window-list.js'
import { chunked } from '../core/concurrency.js'
import { CaesError, exitCode } from '../core/errors.js'
import { printable } from '../core/printable.js'
import type { GlobalOptions } from './global-options.js'
import { answer } from './session.js'
import { jobsAtOnce, notTaken, settled } from './settled.js'
import { withWindows } from './windows.js'

export interface RetryOptions {
  readonly allFailed?: boolean
  readonly pair?: string
  /** Seconds without any progress after which the outcome is no longer waited for; without it nothing is. */
  readonly wait?: number
}

export const retry = (ids: readonly string[], options: RetryOptions, global: GlobalOptions): Promise<number> =>
  withWindows(options, global, async (list) => {
    const chosen = await choose(list, ids, options)
    for (const chunk of chunked(chosen, jobsAtOnce)) await Promise.all(chunk.map((id) => list.retry(id)))
    const { wait } = options
    if (wait === undefined) {
      answer(global, { retried: chosen.length }, `${chosen.length} handed to the workers`)
      return exitCode.done
    }
    const { failed, waiting } = await settled(chosen, (id) => list.fate(id), wait * 1_000)
    const done = chosen.length - failed.length - waiting
    const text = `${done} of ${chosen.length} done, ${failed.length} failed again`
    answer(global, { retried: chosen.length, done, failed: failed.length, waiting }, text)
    for (const id of failed.slice(0, 10)) {
      process.stderr.write(`${printable(id)}: ${printable((await list.failureOf(id)) ?? 'gone')}\n`)
    }
    if (waiting > 0) throw notTaken(waiting, 'windows', 'caes-sync windows', wait)
    return failed.length > 0 ? exitCode.rejected : exitCode.done
  })

const choose = async (
  list: WindowList,
  ids: readonly string[],
  { allFailed = false, pair }: RetryOptions,
): Promise<readonly string[]> => {
  if (allFailed === ids.length > 0) {
    throw new CaesError('CAES_USAGE', allFailed ? 'either IDs or --all-failed, not both' : 'which of them?', {
      hint: 'Give IDs from the first column of "caes-sync windows --status failed", or --all-failed.',
    })
  }
  if (allFailed) return list.failedIds(pair)
  for (const id of ids) {
    if ((await list.fate(id)) !== 'gone') continue
    throw new CaesError('CAES_USAGE', `there is no window "${printable(id)}"`, {
      hint: 'IDs are in the first column of "caes-sync windows". Records that were set aside have "caes-sync rejects retry".',
    })
  }
  return [...new Set(ids)]
}
