import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRedis } from '../../../src/adapters/bullmq/connection.js'
import { createPartQueue, type BullPartQueue } from '../../../src/adapters/bullmq/part-queue.js'
import { createSharedPaces } from '../../../src/adapters/bullmq/shared-pace.js'
import { CaesError } from '../../../src/core/errors.js'
import { noResult, type Run, type RunPlan } from '../../../src/core/run.js'
import type { WorkerDeps } from '../../../src/daemon/worker.js'
import { planParts } from '../../../src/sync/plan-parts.js'
import { startRun } from '../../../src/sync/start-run.js'
import { systemClock } from '../../../src/runtime/clock.js'
import { daemonFixture, pairName, quietResult, redisUrl, type DaemonFixture } from '../../support/daemon/fixture.js'
import { until } from '../../support/eventually.js'
import { testClock } from '../../support/daemon/memory-ports.js'
import { openLine } from '../../support/tcp-line.js'

let daemon: DaemonFixture
let queue: BullPartQueue
const releases: (() => unknown)[] = []
beforeEach(async () => {
  daemon = await daemonFixture()
  const link = openRedis(daemon.redis, 'producer', 'test', daemon.logger)
  releases.push(() => link.close())
  await link.untilReady(5_000)
  queue = createPartQueue(link, { prefix: daemon.redis.prefix, attempts: 2, backoffMs: 10 })
  releases.push(() => queue.close())
})
afterEach(async () => {
  for (const release of releases.splice(0).toReversed()) await release()
  await daemon.close()
})

const cut = { rowParts: 4, cuts: [10, 20], expected: 100, begunAt: 1 }
const numbers = [0, 1, 2, 3, 4, 5, 6]
const start = async (plan: Partial<RunPlan> = {}): Promise<Run> =>
  (
    await startRun(
      pairName,
      { purpose: 'copy', source: 'both', cut, ...plan },
      { runs: daemon.runs, clock: systemClock },
    )
  ).run
const handOut = () => planParts(pairName, { runs: daemon.runs, parts: queue, clock: systemClock })
const finished = async (run: Run): Promise<number[]> =>
  [...(await daemon.runs.finishedParts(run)).keys()].sort((a, b) => a - b)
const hasEnded = (): Promise<true> =>
  until('the run has ended', async () =>
    (await daemon.runs.list(pairName)).every((run) => run.finishedAt !== undefined),
  )
const quiet = async (pair: string, window: { from: number; to: number }) => quietResult(pair, window)

/** Each part read one record. */
const reading = () => {
  const done: number[] = []
  const workOnPart: WorkerDeps['workOnPart'] = async (_run, part, { pace, signal, onRead }) => {
    await pace(1, signal)
    onRead?.(1)
    done.push(part)
    return { result: { ...noResult, read: 1 }, rejects: [] }
  }
  return { done, workOnPart }
}

describe('a run over everything', () => {
  it('is shared by two workers, each part worked on once, and ends by itself', async () => {
    const run = await start()
    await handOut()
    const [one, two] = [reading(), reading()]
    let held = 0
    let release = (): void => undefined
    const bothAtIt = new Promise<void>((resolve) => (release = resolve))
    const together =
      (work: WorkerDeps['workOnPart']): WorkerDeps['workOnPart'] =>
      async (...args) => {
        held += 1
        if (held === 2) release()
        await bothAtIt
        return work(...args)
      }
    await daemon.worker(quiet, { workOnPart: together(one.workOnPart) })
    await daemon.worker(quiet, { workOnPart: together(two.workOnPart) })
    await hasEnded()
    expect([...one.done, ...two.done].sort((a, b) => a - b)).toEqual(numbers)
    expect(one.done.length).toBeGreaterThan(0)
    expect(two.done.length).toBeGreaterThan(0)
    expect(await finished(run)).toEqual(numbers)
  })

  it('that somebody else has announced is cut by a worker first, which then hands out the parts', async () => {
    const { workOnPart, done } = reading()
    const { cut: _, ...announced } = (await start({})).plan
    await daemon.runs.replan((await daemon.runs.list(pairName))[0]!, announced)
    await handOut()
    await daemon.worker(quiet, {
      workOnPart,
      cutRun: (run) => daemon.runs.replan(run, { ...run.plan, cut }),
    })
    await hasEnded()
    expect(done.sort((a, b) => a - b)).toEqual(numbers)
  })

  it('goes on after Redis lost everything, with what is not done', async () => {
    const run = await start()
    const { workOnPart, done } = reading()
    let stop = true
    daemon.checkpoints.reset(pairName, { watermark: Date.now(), acknowledged: [] })
    await daemon.scheduler()
    await daemon.worker(quiet, {
      workOnPart: async (...args) => {
        if (stop && done.length >= 3) await until('the queue was lost', () => !stop)
        return workOnPart(...args)
      },
      lockMs: 500,
    })
    await until('some parts are done', () => done.length === 3)
    await daemon.loseRedis()
    stop = false
    await hasEnded()
    expect(await finished(run)).toEqual(numbers)
    // One was under way when the queue was lost, and was worked on twice.
    expect(done.length).toBeLessThanOrEqual(numbers.length + 1)
  })

  it('survives a worker that dies in the middle: its part is read again, the others are not', async () => {
    const { hostname, port } = new URL(redisUrl)
    const line = await openLine(hostname, Number(port === '' ? '6379' : port))
    releases.push(() => line.close())
    const run = await start()
    await handOut()
    const first = reading()
    let dies = (): void => undefined
    const dying = new Promise<void>((resolve) => (dies = resolve))
    const never = new Promise<never>(() => undefined)
    const victim = await daemon.worker(quiet, {
      redis: { url: `redis://127.0.0.1:${line.port}`, prefix: daemon.redis.prefix },
      lockMs: 500,
      workOnPart: async (...args) => {
        if (first.done.length === 2) {
          dies()
          return never
        }
        return first.workOnPart(...args)
      },
    })
    await dying
    // What it does from now on nobody hears of.
    await line.cut()
    const second = reading()
    await daemon.worker(quiet, { workOnPart: second.workOnPart, lockMs: 500 })
    await hasEnded()
    expect(await finished(run)).toEqual(numbers)
    expect(second.done).toHaveLength(numbers.length - 2)
    await victim.stop(0)
  })

  it('keeps to its rate over all workers together', async () => {
    const link = openRedis(daemon.redis, 'producer', 'test', daemon.logger)
    releases.push(() => link.close())
    await link.untilReady(5_000)
    const live = new AbortController().signal
    const clock = testClock(0)
    const [one, two] = [1, 2].map(() => createSharedPaces(link, daemon.redis.prefix, clock))
    // Each takes a place of ten minutes, and nobody sleeps through it here.
    for (const paces of [one!, two!, one!]) await paces.wait('a.1', 600, 1, live)
    await two!.wait('a.2', 600, 1, live)
    expect(clock.slept.map((span) => Math.ceil(span / 600_000_000))).toEqual([1, 2])
    const stop = new AbortController()
    stop.abort(new Error('stopped'))
    await expect(two!.wait('a.1', 1, 1, stop.signal)).rejects.toThrow('stopped')
  })

  it('rests while its pair is paused, also in the middle of a part, and goes on when it is resumed', async () => {
    const run = await start()
    await handOut()
    let isPaused = false
    let wasPaused = false
    const closed = { reason: 'paused by ann', retryInMs: 50 }
    const { workOnPart, done } = reading()
    await daemon.worker(quiet, {
      gate: () => (isPaused ? closed : undefined),
      pauseGate: () => (isPaused ? closed : undefined),
      workOnPart: async (...args) => {
        if (done.length === 2 && !wasPaused) isPaused = wasPaused = true
        return workOnPart(...args)
      },
    })
    await until('it was put off', async () => (await queue.queue.getDelayedCount()) > 0)
    expect(done).toHaveLength(2)
    isPaused = false
    await hasEnded()
    expect(await finished(run)).toEqual(numbers)
    const jobs = await queue.queue.getJobs(['completed'])
    expect(jobs.every(({ attemptsMade }) => attemptsMade === 1)).toBe(true)
  })

  it('leaves a part that keeps failing, does all others, and takes it up again when it is retried', async () => {
    const run = await start()
    await handOut()
    let isBroken = true
    const { workOnPart } = reading()
    const worker = await daemon.worker(quiet, {
      workOnPart: async (...args) => {
        if (isBroken && args[1] === 2) throw new CaesError('CAES_INTERNAL', 'a record that no rule fits')
        return workOnPart(...args)
      },
    })
    await until('it fails', async () => (await queue.failures(pairName, run.number)).length === 1)
    await until('the others are done', async () => (await finished(run)).length === numbers.length - 1)
    expect(await queue.failures(pairName, run.number)).toEqual(['CAES_INTERNAL: a record that no rule fits'])
    expect(await handOut()).toMatchObject([{ steps: [], ended: false }])
    const text = await (await fetch(`${worker.url}/metrics`)).text()
    expect(text).toContain('caes_sync_parts_total{pair="default",status="failed"} 1')
    expect(text).toContain('caes_sync_run_records_total{pair="default",purpose="copy",result="read"} 6')

    isBroken = false
    await queue.forgetFailed(pairName, run.number)
    await handOut()
    await hasEnded()
  })

  it('lists what it set aside before a part counts as done', async () => {
    const run = await start()
    await handOut()
    const board = await daemon.dashboard()
    const reject = { id: 'x', side: 'elasticsearch', reason: 'ID_NOT_UUID', detail: '_id of 1 characters' } as const
    await daemon.worker(quiet, {
      workOnPart: async (_, part) =>
        part === 0 ? { result: { ...noResult, rejected: 1 }, rejects: [reject] } : { result: noResult, rejects: [] },
    })
    await hasEnded()
    expect((await daemon.runs.finishedParts(run)).get(0)).toMatchObject({ rejected: 1 })
    const shown = await (await fetch(`${board.url}/board/api/queues?activeQueue=rejects&status=failed`)).text()
    expect(shown).toContain('ID_NOT_UUID')
    const parts = await (await fetch(`${board.url}/board/api/queues?activeQueue=parts&status=completed`)).text()
    expect(parts).toContain('default · copy from both sides 1 · part 1 of 7')
  })
})

describe('a watermark that is older than entries live', () => {
  it('starts one reconciliation over any number of schedulers, which workers do, and which is told in metrics and status', async () => {
    daemon.checkpoints.reset(pairName, { watermark: Date.now() - 4 * 3_600_000, acknowledged: [] })
    const schedulers = await Promise.all([daemon.scheduler(), daemon.scheduler(), daemon.scheduler()])
    await until('it is announced', async () => (await queue.open(pairName)).size > 0)
    const board = await daemon.dashboard()
    const page = async () => (await fetch(board.url)).text()
    expect(await page()).toContain('Reconciliation since')
    const metrics = async () =>
      Promise.all(schedulers.map(({ url }) => fetch(`${url}/metrics`).then((answer) => answer.text())))
    const counted = (await metrics()).filter((text) =>
      text.includes('caes_sync_reconciliations_total{pair="default"} 1'),
    )
    expect(counted).toHaveLength(1)

    const { workOnPart, done } = reading()
    await daemon.worker(quiet, {
      workOnPart,
      cutRun: (run) => daemon.runs.replan(run, { ...run.plan, cut: { ...cut, begunAt: Date.now() } }),
    })
    await hasEnded()
    expect(done.sort((a, b) => a - b)).toEqual(numbers)
    expect(await daemon.runs.list(pairName)).toHaveLength(1)
    const errors = daemon.logger.lines.filter(({ level }) => level === 'error')
    expect(errors).toMatchObject([{ message: expect.stringContaining('older than CassandraConfig.ttl') as string }])
    expect(daemon.logger.lines.filter(({ message }) => message === 'reconciliation 1 is done')).toHaveLength(1)
    await until('it is over in the metrics', async () =>
      (await metrics()).some((text) => text.includes('caes_sync_runs{pair="default",purpose="reconciliation"} 0')),
    )
    await until('the page has no more of it', async () => !(await page()).includes('Reconciliation since'))
  })
})

describe('an audit of everything', () => {
  it('follows a copy by itself, and tells as of when both sides held the same', async () => {
    const copied = await start()
    await daemon.runs.finish(copied, Date.now(), noResult)
    daemon.checkpoints.reset(pairName, { watermark: Date.now(), acknowledged: [] })
    const fullAudit = { intervalMs: 60_000, rate: 1_000_000, grace: 5_000_000, direction: 'both' } as const
    const { url } = await daemon.scheduler({ pairs: [{ ...daemon.pair, fullAudit }] })
    const board = await daemon.dashboard()
    const { workOnPart, done } = reading()
    await daemon.worker(quiet, {
      // All of it is due at once.
      cutRun: (run) => daemon.runs.replan(run, { ...run.plan, within: 1, cut: { ...cut, rowParts: 2, cuts: [] } }),
      workOnPart,
    })
    await hasEnded()
    expect(done).toEqual([0, 1, 2])
    const [, audit] = await daemon.runs.list(pairName)
    expect(audit).toMatchObject({ plan: { purpose: 'audit', rate: 1_000_000 }, result: { read: 3 } })
    const seconds = audit!.plan.asOf! / 1_000
    await until('it is told', async () =>
      (await (await fetch(`${url}/metrics`)).text()).includes(
        `caes_sync_verified_timestamp_seconds{pair="default"} ${seconds}`,
      ),
    )
    const page = await (await fetch(board.url)).text()
    expect(page).toContain(`The same as of</dt><dd><time datetime="${new Date(audit!.plan.asOf!).toISOString()}"`)
  })
})
