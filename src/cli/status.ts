/** `caes-sync status`: how every pair is. Shows what is known while a store is down, and says which one that is. */
import { setTimeout as sleep } from 'node:timers/promises'
import { openRedis, type RedisLink } from '../adapters/bullmq/connection.js'
import { createRejectQueue } from '../adapters/bullmq/reject-queue.js'
import { createWindowList } from '../adapters/bullmq/window-list.js'
import { connections, progressReaders, watchedPair } from '../compose.js'
import type { Config, PairConfig } from '../config/config.js'
import { redisEndpoint } from '../connection-options.js'
import { timeToCatchUp, type WatermarkSample } from '../core/catch-up.js'
import { CaesError, exitCode } from '../core/errors.js'
import { systemClock } from '../runtime/clock.js'
import { retriable } from '../runtime/retriable.js'
import { readStatus, type StatusDeps, type StatusReading } from '../sync/read-status.js'
import { choosePairs } from './choose-pairs.js'
import { describeFailure } from './failure.js'
import { useColor, type GlobalOptions } from './global-options.js'
import { interruptible } from './interruptible.js'
import { answer, redisLimitMs, withSession, type Session } from './session.js'
import { describeStatus, statusData } from './status-text.js'

export interface StatusOptions {
  readonly pair?: string
  readonly watch?: boolean
  /** Milliseconds. */
  readonly maxLag?: number
}

const watchEveryMs = 2_000
/** How far back the speed of catching up is measured. */
const samplesKept = 30

export const status = (options: StatusOptions, global: GlobalOptions): Promise<number> =>
  withSession(global, async (session) => {
    const pairs = choosePairs(session.config.pairs, options.pair)
    const read = openReader(pairs, session)
    if (options.watch === true) return interruptible((signal) => watch(read, pairs, global, signal))
    const reading = await read()
    print(reading, pairs, global)
    throwFault(reading, global)
    return exitCodeOf(reading, options)
  })

/** Four before three: that windows failed is why there is a lag. */
const exitCodeOf = ({ pairs }: StatusReading, { maxLag }: StatusOptions): number => {
  if (pairs.some(({ open }) => open !== undefined && open.failed.length > 0)) return exitCode.rejected
  // A lag that is not known is not within any limit.
  const isLate = maxLag !== undefined && pairs.some(({ lag }) => lag === undefined || lag > maxLag * 1_000)
  return isLate ? exitCode.different : exitCode.done
}

const openReader = (pairs: readonly PairConfig[], session: Session): (() => Promise<StatusReading>) => {
  const { config, logger, releases } = session
  const link = openRedis(redisEndpoint(config.redis), 'producer', 'caes-sync status', logger)
  releases.add('redis', () => link.close())
  const shared = connections(logger, releases)
  // Both at once: while one store keeps us waiting, the other is there already. The reading reports failures.
  for (const pair of pairs) shared.cassandra(pair).catch(() => undefined)
  const deps: StatusDeps = { ...progressReaders(pairs, shared), ...queueReaders(link, session), clock: systemClock }
  const watched = pairs.map((pair) => watchedPair(pair, config))
  return () => readStatus(watched, deps)
}

/** BullMQ waits for a connection without limit. So its queues are opened only once there is one. */
const queueReaders = (
  link: RedisLink,
  { config, logger, releases }: Session,
): Pick<StatusDeps, 'windows' | 'rejects'> => {
  const { prefix } = config.redis
  const open = async () => {
    await link.untilReadyOrRefused(redisLimitMs)
    const windows = createWindowList(link, prefix)
    releases.add('windows', () => windows.close())
    const rejects = createRejectQueue(link, logger, { prefix, watchesOnly: true })
    releases.add('reject queue', () => rejects.close())
    return { windows, rejects }
  }
  const opened = retriable(open)
  return {
    windows: { openByState: async () => (await opened()).windows.openByState() },
    rejects: { count: async () => (await opened()).rejects.count() },
  }
}

type Units = ReadonlyMap<string, Config['pairs'][number]['sync']['unit']>

const unitsOf = (pairs: readonly PairConfig[]): Units => new Map(pairs.map(({ name, sync }) => [name, sync.unit]))

const textOf = (
  reading: StatusReading,
  pairs: readonly PairConfig[],
  global: GlobalOptions,
  left?: ReadonlyMap<string, number>,
): string =>
  describeStatus(reading, {
    units: unitsOf(pairs),
    width: process.stdout.isTTY ? process.stdout.columns : undefined,
    color: useColor(global, process.stdout),
    now: new Date(),
    ...(left === undefined ? {} : { left }),
  })

const print = (reading: StatusReading, pairs: readonly PairConfig[], global: GlobalOptions): void =>
  // What is wrong is said on stderr, with the code that the process ends with.
  answer(global, statusData(reading), textOf({ ...reading, faults: [] }, pairs, global))

/** The first store that did not answer decides the exit code; the others are named as well. */
const throwFault = ({ faults }: StatusReading, global: GlobalOptions): void => {
  const different = [...new Map(faults.map((fault) => [codeOf(fault), fault])).values()]
  const [first, ...others] = different
  if (first === undefined) return
  for (const fault of others) process.stderr.write(`${describeFailure(fault, global.json === true).text}\n`)
  throw first
}

const codeOf = (fault: unknown): unknown => (fault instanceof CaesError ? fault.code : fault)

const watch = async (
  read: () => Promise<StatusReading>,
  pairs: readonly PairConfig[],
  global: GlobalOptions,
  signal: AbortSignal,
): Promise<number> => {
  const samples = new Map<string, WatermarkSample[]>()
  const redraws = process.stdout.isTTY && global.json !== true
  const units = unitsOf(pairs)
  while (!signal.aborted) {
    const reading = await read()
    const left = new Map<string, number>()
    const now = systemClock.now()
    for (const { name, state, watermark } of reading.pairs) {
      if (watermark === undefined) continue
      const seen = [...(samples.get(name) ?? []), { at: now, watermark }].slice(-samplesKept)
      samples.set(name, seen)
      const time = state === 'catching up' ? timeToCatchUp(seen, units.get(name) ?? 's', now) : undefined
      if (time !== undefined) left.set(name, time)
    }
    // Home, and clear what is below: the picture is replaced without flicker.
    if (redraws) process.stdout.write('\u001b[H\u001b[J')
    answer(global, statusData(reading), textOf(reading, pairs, global, left))
    await sleep(watchEveryMs, undefined, { signal })
  }
  return exitCode.done
}
