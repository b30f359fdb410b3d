/**
 * A window that holds too many records for one job: one job for each of its parts, and its own waits for them. BullMQ
 * keeps who waits for whom, in the same step in which a job ends, so a process may die between any two steps here: the
 * window is run again, finds what it was divided into in its data, and adds what is missing.
 *
 * No option says what a failed part does to its window, and so it does nothing: the part stays failed, the window waits
 * and holds the watermark, and goes on by itself once the part was retried.
 */
import { Queue, WaitingChildrenError, type Job } from 'bullmq'
import type { WindowPart } from '../../core/window-part.js'
import { mergedReport, type WindowReport } from '../../core/report.js'
import type { RedisLink } from './connection.js'
import { onRedis } from './redis-faults.js'
import { partId } from './window-id.js'
import { readJobData, windowsQueue, type WindowJobData, type WindowJobResult } from './window-job.js'

type WindowJob = Job<WindowJobData, WindowJobResult>

export interface WindowParts {
  /**
   * What the parts of a window did, all together; throws WaitingChildrenError while one of them is not done, after the
   * job was put among those that wait.
   * Errors: CAES_REDIS_DOWN.
   */
  join(job: WindowJob, token: string | undefined, parts: readonly WindowPart[]): Promise<WindowReport>
  close(): Promise<void>
}

export const createWindowParts = (link: RedisLink, prefix: string): WindowParts => {
  const queue = new Queue<WindowJobData, WindowJobResult>(windowsQueue, {
    connection: link.client,
    prefix,
    skipMetasUpdate: true,
  })
  queue.on('error', () => undefined) // see window-queue.ts

  /** A part that was done for an earlier run of the window says nothing about this one, and its id would be taken. */
  const forgetFinished = async (id: string): Promise<void> => {
    const state = await queue.getJobState(id)
    if (state === 'completed' || state === 'unknown') await queue.remove(id)
  }

  const add = async (job: WindowJob, parts: readonly WindowPart[]): Promise<void> => {
    const { pair, window, audit } = readJobData(job.data)
    await Promise.all(parts.map((part) => forgetFinished(partId(job.id!, part))))
    const { attempts, backoff, removeOnComplete, removeOnFail, keepLogs, stackTraceLimit, priority, telemetry } =
      job.opts
    await queue.addBulk(
      parts.map((part) => ({
        name: job.name,
        data: { pair, ...window, ...defined({ audit }), part },
        opts: {
          // An audit comes again, so a part that failed ends it; a window waits for the part to be retried.
          ...(audit === undefined ? {} : { failParentOnFailure: true }),
          ...defined({
            attempts,
            backoff,
            removeOnComplete,
            removeOnFail,
            keepLogs,
            stackTraceLimit,
            priority,
            telemetry,
          }),
          jobId: partId(job.id!, part),
          parent: { id: job.id!, queue: job.queueQualifiedName },
          // Next: a window that was begun is brought to its end before others are divided as well.
          lifo: true,
        },
      })),
    )
  }

  /** Which parts are done, by the ids of their jobs. Those of an earlier job of the window are not among them. */
  const done = async (job: WindowJob): Promise<ReadonlyMap<string, WindowReport>> => {
    const values = await job.getChildrenValues<WindowReport>()
    const start = queue.toKey('').length
    return new Map(Object.entries(values).map(([key, report]) => [key.slice(start), report]))
  }

  return {
    join: (job, token, parts) =>
      onRedis(link.where, async () => {
        const { pair, window } = readJobData(job.data)
        const idOf = (part: WindowPart): string => partId(job.id!, part)
        if (job.data.parts === undefined) await job.updateData({ ...job.data, parts })
        for (;;) {
          const reports = await done(job)
          const missing = parts.filter((part) => !reports.has(idOf(part)))
          if (missing.length === 0)
            return mergedReport(
              pair,
              window,
              parts.map((part) => reports.get(idOf(part))!),
            )
          await add(job, missing)
          // False where all of them were done by now.
          if (await job.moveToWaitingChildren(token ?? '')) throw new WaitingChildrenError()
        }
      }),
    close: () => queue.close(),
  }
}

/** BullMQ stores what is undefined as null. */
const defined = <T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
