/** The metrics of a dashboard: beside those of every process, how the pairs are, and what BullMQ counts. */
import type { Queue } from 'bullmq'
import type { Metrics } from '../http/metrics.js'
import type { Snapshot } from '../sync/read-overview.js'

/** Read when they are scraped. While Redis is away its numbers are missing, and the others are there. */
export const statusMetrics = (
  metrics: Metrics,
  snapshot: () => Promise<Snapshot>,
  queues: readonly Pick<Queue, 'exportPrometheusMetrics'>[],
  isRedisThere: () => boolean,
): Pick<Metrics, 'text' | 'contentType'> => ({
  contentType: metrics.contentType,
  text: async () => {
    for (const { name, state, pause, open, progress } of (await snapshot()).pairs) {
      const isKnown = state !== undefined || progress !== undefined
      metrics.statusObserved(name, {
        state,
        paused: isKnown ? pause !== undefined : undefined,
        failedWindows: open?.failed.length,
      })
    }
    const own = await metrics.text()
    const counted = isRedisThere() ? await Promise.all(queues.map((queue) => queue.exportPrometheusMetrics())) : []
    return [own.trimEnd(), withoutRepeatedHelp(counted), ''].join('\n')
  },
})

/** Each queue describes the same metrics; a description may stand only once. */
const withoutRepeatedHelp = (texts: readonly string[]): string => {
  const described = new Set<string>()
  const samples = new Map<string, string[]>()
  for (const line of texts.join('\n').split('\n')) {
    const name = /^(?:# \w+ )?(\w+)/.exec(line)?.[1]
    if (name === undefined) continue
    const lines = samples.get(name) ?? []
    samples.set(name, lines)
    if (!line.startsWith('#') || !described.has(line)) lines.push(line)
    described.add(line)
  }
  return [...samples.values()].flat().join('\n')
}
