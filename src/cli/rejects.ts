/** `caes-sync rejects`: lists the records that were set aside, retries or drops them. It needs Redis alone. */
import { setTimeout as sleep } from 'node:timers/promises'
import { openRedis } from '../adapters/bullmq/connection.js'
import { createRejectQueue, type BullRejectQueue } from '../adapters/bullmq/reject-queue.js'
import { loadConfig } from '../config/load.js'
import type { Config } from '../config/config.js'
import { chunked } from '../core/concurrency.js'
import { CaesError, exitCode } from '../core/errors.js'
import { printable } from '../core/printable.js'
import { createLogger } from '../runtime/logger.js'
import { createReleases } from '../runtime/releases.js'
import { configSource } from './config-source.js'
import { logOptions, type GlobalOptions } from './global-options.js'
import { describeRejects, rejectLine } from './reject-text.js'

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

const connectLimitMs = 10_000
const pollMs = 100
const atOnce = 200

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
    for (const chunk of chunked(chosen, atOnce)) await Promise.all(chunk.map((id) => list.retry(id)))
    if (options.wait === 0) {
      say(global, { retried: chosen.length }, `${chosen.length} handed to the workers`)
      return exitCode.done
    }
    const { rejected, waiting } = await settled(list, chosen, options.wait * 1_000)
    const done = chosen.length - rejected.length - waiting
    const text = `${done} of ${chosen.length} done, ${rejected.length} still rejected`
    say(global, { retried: chosen.length, done, rejected: rejected.length, waiting }, text)
    for (const id of rejected.slice(0, 10)) {
      process.stderr.write(`${printable(id)}: ${printable((await list.failureOf(id)) ?? 'gone')}\n`)
    }
    if (waiting > 0) throw notTaken(waiting, options.wait)
    return rejected.length > 0 ? exitCode.rejected : exitCode.done
  })

export const dropRejects = (ids: readonly string[], options: RejectChoice, global: GlobalOptions): Promise<number> =>
  withList(options, global, async (list) => {
    const chosen = await choose(list, ids, options)
    let dropped = 0
    for (const chunk of chunked(chosen, atOnce)) {
      dropped += (await Promise.all(chunk.map((id) => list.drop(id)))).filter(Boolean).length
    }
    say(global, { dropped, left: chosen.length - dropped }, `${dropped} of ${chosen.length} dropped`)
    if (dropped === chosen.length) return exitCode.done
    process.stderr.write('the others are being retried just now\n')
    return exitCode.failed
  })

const say = (global: GlobalOptions, counts: object, text: string): void => {
  if (global.json === true) process.stdout.write(`${JSON.stringify(counts)}\n`)
  else if (global.quiet !== true) process.stdout.write(`${text}\n`)
}

const withList = async (
  { pair }: RejectsOptions,
  global: GlobalOptions,
  work: (list: BullRejectQueue) => Promise<number>,
): Promise<number> => {
  const config = await loadConfig(configSource(global))
  checkPair(config, pair)
  const logger = createLogger(logOptions(global, 'error'))
  const releases = createReleases(logger)
  try {
    const link = openRedis(config.redis.url, 'producer', 'caes-sync rejects', logger)
    releases.add('redis', () => link.close())
    await link.untilReady(connectLimitMs)
    const list = createRejectQueue(link, logger, { prefix: config.redis.prefix })
    releases.add('reject queue', () => list.close())
    return await work(list)
  } finally {
    await releases.run()
  }
}

const checkPair = ({ pairs }: Config, name: string | undefined): void => {
  if (name === undefined || pairs.some((pair) => pair.name === name)) return
  throw new CaesError('CAES_USAGE', `there is no pair "${printable(name)}"`, {
    hint: `The configuration has: ${pairs.map((pair) => pair.name).join(', ')}.`,
  })
}

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

/** Waits until each has failed again or is done; gives up when for so long none of them did. */
const settled = async (
  list: BullRejectQueue,
  ids: readonly string[],
  patienceMs: number,
): Promise<{ readonly rejected: readonly string[]; readonly waiting: number }> => {
  const rejected: string[] = []
  let waiting = ids
  let deadline = performance.now() + patienceMs
  for (;;) {
    const still: string[] = []
    for (const chunk of chunked(waiting, atOnce)) {
      const states = await Promise.all(chunk.map((id) => list.state(id)))
      rejected.push(...chunk.filter((_, index) => states[index] === 'failed'))
      still.push(...chunk.filter((_, index) => states[index] === 'under way'))
    }
    if (still.length < waiting.length) deadline = performance.now() + patienceMs
    waiting = still
    if (waiting.length === 0 || performance.now() > deadline) return { rejected, waiting: waiting.length }
    await sleep(pollMs)
  }
}

const notTaken = (waiting: number, seconds: number): CaesError =>
  new CaesError('CAES_REJECT_WAITS', `${waiting} retried rejects were not finished, and none within ${seconds} s`, {
    hint: 'They stay with the workers. Look whether one runs, and for the outcome with "caes-sync rejects".',
  })
