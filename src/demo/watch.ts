/** What the windows of a run did, as the queue tells it: the demo's live line. */
import { Queue, QueueEvents } from 'bullmq'
import { Redis } from 'ioredis'
import type { WindowReport } from '../core/report.js'

export interface Totals {
  windows: number
  toElasticsearch: number
  toCassandra: number
  unchanged: number
  ties: number
  rejected: number
  failed: number
}

export interface Watch {
  readonly totals: Readonly<Totals>
  /** The most recent watermark-relevant fact: end of the newest window that was completed. */
  readonly syncedTo: () => number | undefined
  close(): Promise<void>
}

/** Adds up the reports of completed windows from now on. */
export const watchWindows = async (url: string, prefix: string): Promise<Watch> => {
  const totals: Totals = {
    windows: 0,
    toElasticsearch: 0,
    toCassandra: 0,
    unchanged: 0,
    ties: 0,
    rejected: 0,
    failed: 0,
  }
  let syncedTo: number | undefined
  const connection = new Redis(url, { maxRetriesPerRequest: null })
  const events = new QueueEvents('windows', { connection, prefix })
  events.on('completed', ({ returnvalue }) => {
    // BullMQ declares text and delivers the parsed value.
    const report = returnvalue as unknown as WindowReport
    totals.windows += 1
    totals.toElasticsearch += report.written.elasticsearch
    totals.toCassandra += report.written.cassandra
    totals.unchanged += report.unchanged
    totals.ties += report.ties
    totals.rejected += report.rejected
    syncedTo = Math.max(syncedTo ?? 0, report.to)
  })
  events.on('failed', () => {
    totals.failed += 1
  })
  await events.waitUntilReady()
  return {
    totals,
    syncedTo: () => syncedTo,
    close: async () => {
      await events.close()
      connection.disconnect()
    },
  }
}

/** Removes everything that a run left in Redis. */
export const wipeQueues = async (url: string, prefix: string): Promise<void> => {
  const connection = new Redis(url, { maxRetriesPerRequest: null })
  for (const name of ['windows', 'parts', 'rejects', 'ticks']) {
    const queue = new Queue(name, { connection, prefix })
    await queue.obliterate({ force: true })
    await queue.close()
  }
  connection.disconnect()
}
