/** The windows in the queue as an operator sees them. Looking changes nothing; retrying a window begins it anew. */
import { Queue, type Job } from 'bullmq'
import { chunked } from '../../core/concurrency.js'
import { noWindows, type OpenWindows } from '../../core/pair-status.js'
import type { WindowPart } from '../../core/window-part.js'
import type { WindowReport } from '../../core/report.js'
import type { Window } from '../../core/window.js'
import type { WorkerCounter } from '../../ports/window-history.js'
import type { OpenWindowReader } from '../../ports/window-queue.js'
import { beginAnew } from './begin-anew.js'
import type { RedisLink } from './connection.js'
import { countWorkers } from './count-workers.js'
import { fateOf, isNotFailed, type JobFate } from './job-fate.js'
import { onRedis } from './redis-faults.js'
import { partOfId, windowId, windowOfId, type PairWindow } from './window-id.js'
import { windowsQueue, type WindowJobData, type WindowJobResult } from './window-job.js'

export const windowStates = ['failed', 'active', 'delayed', 'waiting', 'completed'] as const
export type WindowState = (typeof windowStates)[number]

/** A window, or a part of one: a job either way. */
export interface ListedWindow extends PairWindow {
  readonly part: WindowPart | undefined
  /** Of its job. */
  readonly id: string
  readonly state: WindowState
  readonly attempts: number
  readonly mostAttempts: number
  /** Of the last attempt that failed. */
  readonly error: string | undefined
  /** What it does or waits for, in the words of the worker that had it last. */
  readonly note: string | undefined
  /** Of a completed window. */
  readonly report: WindowReport | undefined
  /** When its last attempt ended, in milliseconds since 1970. */
  readonly ended: number | undefined
}

export interface WindowChoice {
  readonly states: readonly WindowState[]
  /** Of all pairs where it is left out. */
  readonly pair?: string
  readonly limit: number
  /** The newest first, unless it is said otherwise. */
  readonly order?: 'newest' | 'oldest'
}

/** Errors of all: CAES_REDIS_DOWN. */
export interface WindowList extends OpenWindowReader, WorkerCounter {
  readonly queue: Queue<WindowJobData, WindowJobResult>
  /** The first windows and parts of the choice. Jobs that no planner made are left out. */
  list(choice: WindowChoice): Promise<{ readonly windows: readonly ListedWindow[]; readonly more: number }>
  /** Ids of failed windows and parts, oldest first. */
  failedIds(pair?: string): Promise<string[]>
  fate(id: string): Promise<JobFate>
  failureOf(id: string): Promise<string | undefined>
  /** A failed window begins anew with all its attempts; a delayed one starts now. Others stay as they are. */
  retry(id: string): Promise<void>
  close(): Promise<void>
}

/** The states of BullMQ behind each of ours. */
const jobStates = {
  waiting: ['waiting', 'prioritized', 'waiting-children'],
  active: ['active'],
  delayed: ['delayed'],
  failed: ['failed'],
  completed: ['completed'],
} as const satisfies Record<WindowState, readonly string[]>

const atOnce = 200

export const createWindowList = (link: RedisLink, prefix: string): WindowList => {
  // Watching must change nothing: the processes that own the queue keep its metadata.
  const queue = new Queue<WindowJobData, WindowJobResult>(windowsQueue, {
    connection: link.client,
    prefix,
    skipMetasUpdate: true,
  })
  queue.on('error', () => undefined) // see window-queue.ts
  const run = <T>(operation: () => Promise<T>): Promise<T> => onRedis(link.where, operation)

  /** One script call for all states: a job that moves between two of them is seen exactly once. */
  const idsByState = async (states: readonly WindowState[]): Promise<(readonly [WindowState, readonly string[]])[]> => {
    const types = states.flatMap((state) => jobStates[state].map((type) => ({ state, type })))
    const answers: readonly (readonly string[] | null)[] = await queue.getBackend().getRanges(
      types.map(({ type }) => type),
      0,
      -1,
    )
    return types.map(({ state }, index) => [state, answers[index] ?? []] as const)
  }

  const windowsByState = async (states: readonly WindowState[]): Promise<Found[]> =>
    (await idsByState(states)).flatMap(([state, ids]) =>
      ids.flatMap((id) => {
        const found = windowOfId(id) ?? partOfId(id)
        return found === undefined ? [] : [{ part: undefined, ...found, id, state }]
      }),
    )

  return {
    queue,
    openByState: () =>
      run(async () => {
        const jobs = await windowsByState(openStates)
        const divided = statesOfDivided(jobs)
        const found = new Map<string, Record<keyof OpenWindows, Window[]>>()
        for (const { id, pair, part, window, state } of jobs) {
          if (part !== undefined) continue
          const windows = found.get(pair) ?? { waiting: [], active: [], delayed: [], failed: [] }
          found.set(pair, windows)
          windows[(divided.get(id) ?? state) as keyof OpenWindows].push(window)
        }
        return found
      }),
    list: ({ states, pair, limit, order = 'newest' }) =>
      run(async () => {
        const all = (await windowsByState(states)).filter((each) => pair === undefined || each.pair === pair)
        const sign = order === 'newest' ? -1 : 1
        const chosen = all.sort((a, b) => sign * (a.window.from - b.window.from)).slice(0, limit)
        const windows: ListedWindow[] = []
        for (const chunk of chunked(chosen, atOnce)) {
          const jobs = await Promise.all(chunk.map(({ id }) => queue.getJob(id)))
          windows.push(...chunk.flatMap((each, index) => listed(each, jobs[index])))
        }
        return { windows, more: all.length - chosen.length }
      }),
    failedIds: (pair) =>
      run(async () =>
        (await windowsByState(['failed']))
          .filter((each) => pair === undefined || each.pair === pair)
          .sort((a, b) => a.window.from - b.window.from)
          .map(({ id }) => id),
      ),
    fate: (id) => run(() => fateOf(queue, id)),
    failureOf: (id) => run(async () => (await queue.getJob(id))?.failedReason || undefined),
    retry: (id) =>
      run(async () => {
        const job = await queue.getJob(id)
        try {
          if (await job?.isDelayed()) await job?.promote()
          else if (await job?.isFailed()) await beginAnew(job!)
        } catch (error) {
          if (!isNotFailed(error)) throw error
        }
      }),
    workers: () => run(() => countWorkers(queue)),
    close: () => queue.close(),
  }
}

const openStates = Object.keys(noWindows) as (keyof OpenWindows)[]

interface Found extends PairWindow {
  readonly id: string
  readonly part: WindowPart | undefined
  readonly state: WindowState
}

/** How windows are that wait for their parts, by id: a failed part holds its window up, whatever the others do. */
const statesOfDivided = (jobs: readonly Found[]): ReadonlyMap<string, WindowState> => {
  const states = new Map<string, WindowState>()
  for (const { pair, part, window, state } of jobs) {
    if (part === undefined) continue
    const id = windowId(pair, window)
    const known = states.get(id)
    if (known === undefined || windowStates.indexOf(state) < windowStates.indexOf(known)) states.set(id, state)
  }
  return states
}

/** Nothing for a job that went away in between. */
const listed = (found: Found, job: Job<WindowJobData, WindowJobResult> | undefined): ListedWindow[] => {
  if (job === undefined) return []
  return [
    {
      ...found,
      attempts: job.attemptsMade,
      mostAttempts: job.opts.attempts ?? 1,
      error: job.failedReason || undefined,
      note: stepOf(job.progress),
      report: found.state === 'completed' ? job.returnvalue : undefined,
      ended: job.finishedOn,
    },
  ]
}

/** See job-notes.ts. */
const stepOf = (progress: Job['progress']): string | undefined =>
  typeof progress === 'object' && 'step' in progress && typeof progress.step === 'string' ? progress.step : undefined
