/** `caes-sync rejects`: lists the records that were set aside, retries or drops them. It needs Redis alone. */
import { openRedis } from '../adapters/bullmq/connection.js'
import { createRejectQueue, type BullRejectQueue } from '../adapters/bullmq/reject-queue.js'
import { redisEndpoint } from '../connection-options.js'
import { chunked } from '../core/concurrency.js'
import { CaesError, exitCode } from '../core/errors.js'
import { printable } from '../core/printable.js'
import { choosePairs } from './choose-pairs.js'
import type { GlobalOptions } from './global-options.js'
import { describeRejects, rejectLine } from './reject-text.js'
import { answer, redisLimitMs, withSession } from './session.js'
import { jobsAtOnce, notTaken, settled } from './settled.js'

export interface RejectsOptions {
  readonly pair?: string
}

export interface RejectChoice extends RejectsOptions {
  readonly all?: boolean
}

export interface RetryOptions extends RejectChoice {
  /** Seconds without any progress after which a retry is no longer waited for; 0 does not wait. */
  readonly wait: number
}

export const listRejects = (options: RejectsOptions, global: GlobalOptions): Promise<number> =>
  withList(options, global, async (list) => {
    const kept = await list.list(options.pair)
    if (global.json === true) for (const each of kept) process.stdout.write(`${rejectLine(each)}\n`)
    else process.stdout.write(describeRejects(kept, process.stdout.isTTY ? process.stdout.columns : undefined))
    return exitCode.done
  })

export const retryRejects = (ids: readonly string[], options: RetryOptions, global: GlobalOptions): Promise<number> =>
  withList(options, global, async (list) => {
    const chosen = await choose(list, ids, options)
    for (const chunk of chunked(chosen, jobsAtOnce)) await Promise.all(chunk.map((id) => list.retry(id)))
    if (options.wait === 0) {
      answer(global, { retried: chosen.length }, `${chosen.length} handed to the workers`)
      return exitCode.done
    }
    const { failed: rejected, waiting } = await settled(chosen, (id) => list.state(id), options.wait * 1_000)
    const done = chosen.length - rejected.length - waiting
    const text = `${done} of ${chosen.length} done, ${rejected.length} still rejected`
    answer(global, { retried: chosen.length, done, rejected: rejected.length, waiting }, text)
    for (const id of rejected.slice(0, 10)) {
      process.stderr.write(`${printable(id)}: ${printable((await list.failureOf(id)) ?? 'gone')}\n`)
    }
    if (waiting > 0) throw notTaken(waiting, 'rejects', 'caes-sync rejects', options.wait)
    return rejected.length > 0 ? exitCode.rejected : exitCode.done
  })

export const dropRejects = (ids: readonly string[], options: RejectChoice, global: GlobalOptions): Promise<number> =>
  withList(options, global, async (list) => {
    const chosen = await choose(list, ids, options)
    let dropped = 0
    for (const chunk of chunked(chosen, jobsAtOnce)) {
      dropped += (await Promise.all(chunk.map((id) => list.drop(id)))).filter(Boolean).length
    }
    answer(global, { dropped, left: chosen.length - dropped }, `${dropped} of ${chosen.length} dropped`)
    if (dropped === chosen.length) return exitCode.done
    process.stderr.write('the others are being retried just now\n')
    return exitCode.failed
  })

const withList = (
  { pair }: RejectsOptions,
  global: GlobalOptions,
  work: (list: BullRejectQueue) => Promise<number>,
): Promise<number> =>
  withSession(global, async ({ config, logger, releases }) => {
    choosePairs(config.pairs, pair)
    const link = openRedis(redisEndpoint(config.redis), 'producer', 'caes-sync rejects', logger)
    releases.add('redis', () => link.close())
    await link.untilReadyOrRefused(redisLimitMs)
    const list = createRejectQueue(link, logger, { prefix: config.redis.prefix })
    releases.add('reject queue', () => list.close())
    return work(list)
  })

const choose = async (
  list: BullRejectQueue,
  ids: readonly string[],
  { all = false, pair }: RejectChoice,
): Promise<string[]> => {
  if (all === ids.length > 0) {
    throw new CaesError('CAES_USAGE', all ? 'either IDs or --all, not both' : 'which of them?', {
      hint: 'Give IDs from the first column of "caes-sync rejects", or --all.',
    })
  }
  const kept = await list.ids(pair)
  if (all) return kept
  const known = new Set(kept)
  const unknown = ids.find((id) => !known.has(id))
  if (unknown === undefined) return [...new Set(ids)]
  throw new CaesError('CAES_USAGE', `there is no reject "${printable(unknown)}"`, {
    hint: 'IDs are in the first column of "caes-sync rejects".',
  })
}
