/** Has the workers of the service do a run, and shows how it comes along. The run goes on when nobody looks any more. */
import { openRedis } from '../adapters/bullmq/connection.js'
import { createPartQueue, type BullPartQueue } from '../adapters/bullmq/part-queue.js'
import { redisEndpoint } from '../connection-options.js'
import { CaesError } from '../core/errors.js'
import { printable } from '../core/printable.js'
import { progressOf, type PartResult, type Run, type RunProgress } from '../core/run.js'
import { purposeLabel } from '../core/run-label.js'
import type { Clock } from '../ports/clock.js'
import type { RunStore } from '../ports/run-store.js'
import { planParts } from '../sync/plan-parts.js'
import type { GlobalOptions } from './global-options.js'
import { progressFor } from './progress-line.js'
import type { Session } from './session.js'

export interface Workers {
  readonly queue: BullPartQueue
}

/** So short that whoever has no Redis hardly notices. */
const connectLimitMs = 2_000

/** Undefined where there is no Redis, or nobody takes parts from it. Errors: CAES_REDIS_DENIED, CAES_CERTIFICATE_REFUSED. */
export const findWorkers = async ({ config, logger, releases }: Session): Promise<Workers | undefined> => {
  const link = openRedis(redisEndpoint(config.redis), 'producer', 'caes-sync backfill', logger)
  releases.add('redis', () => link.close())
  try {
    await link.untilReadyOrRefused(connectLimitMs)
  } catch (error) {
    if (error instanceof CaesError && error.code === 'CAES_REDIS_DOWN') return undefined
    throw error
  }
  const { attempts, backoffMs } = config.worker
  const queue = createPartQueue(link, { prefix: config.redis.prefix, attempts, backoffMs })
  releases.add('part queue', () => queue.close())
  return (await queue.workers()) === 0 ? undefined : { queue }
}

export interface Following {
  readonly workers: Workers
  readonly runs: RunStore
  readonly clock: Clock
  readonly global: GlobalOptions
  readonly signal: AbortSignal
}

const lookEveryMs = 500
/** Redis may be away for a while, and the run goes on with it: this only hands out what it lost. */
const planEvery = 10

/**
 * Resolves to what the run did, once all of it is done. An aborted signal ends the looking, not the run.
 * Errors: CAES_PARTS_FAILED where nothing but parts that failed is left.
 */
export const followRun = async (run: Run, following: Following): Promise<PartResult> => {
  const { workers, runs, clock, global, signal } = following
  const { pair, number } = run
  // Whoever starts it again has mended something.
  await workers.queue.forgetFailed(pair, number)
  const progress = progressFor(`${purposeLabel(run.plan)}: ${pair}`, 'records read', global)
  try {
    for (let look = 0; ; look += 1) {
      const now = (await runs.list(pair)).find((each) => each.number === number) ?? run
      const seen = progressOf(now, await runs.finishedParts(run))
      if (now.finishedAt !== undefined) return seen.result
      const note = await unlessAway(async () => {
        if (look % planEvery === 0) await planParts(pair, { runs, parts: workers.queue, clock }, [now])
        return noteOf(seen, workers.queue)
      })
      progress.update({
        done: seen.result.read + note.underWay,
        total: now.plan.cut?.expected || undefined,
        note: note.text,
      })
      await clock.sleep(lookEveryMs * 1_000, signal)
    }
  } catch (error) {
    if (!signal.aborted) throw error
    progress.end()
    process.stderr.write(
      `${printable(pair)}: the workers go on. To watch them again: the same command, or caes-sync status. To stop them: caes-sync pause\n`,
    )
    throw error
  } finally {
    progress.end()
  }
}

interface Note {
  readonly text: string
  /** Records that were read of parts that are not done yet. */
  readonly underWay: number
}

/** The run outlives an outage of Redis, and so does looking at it. */
const unlessAway = async (look: () => Promise<Note>): Promise<Note> => {
  try {
    return await look()
  } catch (error) {
    if (error instanceof CaesError && error.code === 'CAES_REDIS_DOWN') return { text: 'Redis is away', underWay: 0 }
    throw error
  }
}

const noteOf = async ({ run, done, of }: RunProgress, queue: BullPartQueue): Promise<Note> => {
  const [active, open, failures] = await Promise.all([
    queue.underWay(run.pair),
    queue.open(run.pair),
    queue.failures(run.pair, run.number),
  ])
  const mine = active.filter((each) => each.run === run.number)
  const left = (open.get(run.number)?.size ?? 0) - failures.length
  if (failures.length > 0 && left <= 0) throw partsFailed(run, failures)
  const parts = of === undefined ? 'being cut into parts' : `${done} of ${of} parts done`
  const waits = mine.length === 0 ? ' · waits for a worker' : ''
  return { text: `${parts}${waits}`, underWay: mine.reduce((sum, { read }) => sum + read, 0) }
}

const partsFailed = ({ pair }: Run, failures: readonly string[]): CaesError =>
  new CaesError('CAES_PARTS_FAILED', `parts of pair "${pair}" failed: ${[...new Set(failures)].join('; ')}`, {
    hint: 'Mend the cause; then the same command goes on with them. A running service tries them again by itself every ten minutes.',
  })
