/** What a job tells a board while it runs. Notes are sent and forgotten: a lost one must not hold up a window. */
import type { Job } from 'bullmq'
import type { WindowResult } from '../../core/report.js'
import type { Logger } from '../../ports/logger.js'

/** A board shows the log as plain lines; more than these are in the report's count and in the application's log. */
const mostRejectLines = 20

export interface JobNotes {
  /** Noted once for each reason, however often the job goes back to the queue for it. */
  waits(reason: string): void
  started(): void
  divided(parts: number): void
  synced(result: WindowResult): void
  acknowledged(): void
  failed(text: string): void
}

export const jobNotes = (
  job: Pick<Job, 'id' | 'attemptsMade' | 'progress' | 'log' | 'updateProgress'>,
  logger: Logger,
): JobNotes => {
  const send = (note: Promise<unknown>): void => {
    note.catch((error: unknown) => logger.debug({ err: error, job: job.id }, 'could not note progress'))
  }
  const say = (line: string): void => send(job.log(line))
  const attempt = `attempt ${job.attemptsMade + 1}`
  return {
    waits: (reason) => {
      const step = `waits: ${reason}`
      if (stepOf(job.progress) === step) return
      say(step)
      send(job.updateProgress({ progress: 0, step }))
    },
    started: () => {
      say(`${attempt}: started by process ${process.pid}`)
      send(job.updateProgress({ progress: 5, step: 'reading and writing' }))
    },
    divided: (parts) => {
      say(`${attempt}: too many records for one job; waits for ${parts} parts`)
      send(job.updateProgress({ progress: 10, step: `waits for ${parts} parts` }))
    },
    synced: ({ report, rejects }) => {
      const { read, written, durationMs, rejected } = report
      say(
        `${attempt}: read ${read.elasticsearch} from Elasticsearch and ${read.cassandra} from Cassandra, ` +
          `wrote ${written.elasticsearch} to Elasticsearch and ${written.cassandra} to Cassandra, ` +
          `${rejected} rejected, ${durationMs} ms`,
      )
      for (const { id, side, reason, detail } of rejects.slice(0, mostRejectLines)) {
        say(`rejected ${id} of ${side}: ${reason}: ${detail}`)
      }
      send(job.updateProgress({ progress: 90, step: 'acknowledging' }))
    },
    acknowledged: () => {
      say(`${attempt}: acknowledged`)
      send(job.updateProgress({ progress: 100, step: 'acknowledged' }))
    },
    failed: (text) => say(`${attempt}: ${text}`),
  }
}

/** What the last note said; the progress stays with the job when it goes back. */
const stepOf = (progress: Job['progress']): unknown =>
  typeof progress === 'object' && 'step' in progress ? progress.step : undefined
