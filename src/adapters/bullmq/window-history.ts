/** What the queue still knows of windows that are done. That does not change, so it is read once and remembered. */
import type { Queue } from 'bullmq'
import { chunked } from '../../core/concurrency.js'
import type { DoneWindow } from '../../core/pair-history.js'
import type { WindowHistory } from '../../ports/window-history.js'
import { onRedis } from './redis-faults.js'
import { windowOfId } from './window-id.js'
import type { WindowJobData, WindowJobResult } from './window-job.js'
import { completedKept } from './window-queue.js'

/** Ids are asked for by pages of so many, the newest first, until one is known: mostly one page is enough. */
const page = 100
const atOnce = 200

/** @param where for messages */
export const createWindowHistory = (queue: Queue<WindowJobData, WindowJobResult>, where: string): WindowHistory => {
  const known = new Map<string, DoneWindow & { readonly pair: string }>()

  const news = async (): Promise<string[]> => {
    const fresh: string[] = []
    for (let start = 0; start < completedKept; start += page) {
      const ids = await queue.getRanges(['completed'], start, start + page - 1)
      fresh.push(...ids.filter((id) => !known.has(id)))
      if (ids.length < page || ids.some((id) => known.has(id))) break
    }
    return fresh
  }

  const remember = async (ids: readonly string[]): Promise<void> => {
    for (const chunk of chunked(ids, atOnce)) {
      const windows = chunk.map((id) => ({ id, of: windowOfId(id) })).filter(({ of }) => of !== undefined)
      const jobs = await Promise.all(windows.map(({ id }) => queue.getJob(id)))
      for (const [index, { id, of }] of windows.entries()) {
        const job = jobs[index]
        if (job?.finishedOn === undefined) continue
        known.set(id, { pair: of!.pair, ...of!.window, ended: job.finishedOn * 1_000, report: job.returnvalue })
      }
    }
    // The queue forgets the oldest as well.
    const oldestFirst = [...known].sort(([, a], [, b]) => a.ended - b.ended)
    for (const [id] of oldestFirst.slice(0, Math.max(0, known.size - completedKept))) known.delete(id)
  }

  return {
    done: () =>
      onRedis(where, async () => {
        await remember(await news())
        const byPair = new Map<string, DoneWindow[]>()
        let completeSince: number | undefined
        for (const { pair, ...window } of known.values()) {
          const windows = byPair.get(pair) ?? []
          byPair.set(pair, windows)
          windows.push(window)
          completeSince = Math.min(completeSince ?? Infinity, window.ended)
        }
        return { byPair, completeSince }
      }),
  }
}
