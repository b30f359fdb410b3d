/** Readers of the status page, none of which keeps it waiting. */
import { linkFault } from '../adapters/bullmq/redis-faults.js'
import { CaesError } from '../core/errors.js'
import { inTime } from '../runtime/in-time.js'
import { remembered } from '../runtime/remembered.js'
import type { OverviewDeps } from '../sync/read-overview.js'

/** Nobody waits longer for a page, whatever a store does. */
const limitMs = 2_000
/** How long that is good which changes slowly, or costs more to read. */
const slowMs = 5_000

const tooLate = `no answer within ${limitMs / 1_000} s`

/** @param redis where it is, for messages */
export const boundedReaders = (redis: string, readers: OverviewDeps): OverviewDeps => {
  const { clock, checkpoints, pauses, windows, rejects, history, failures, workers, runs } = readers
  const fromRedis = <T>(read: (key: string) => Promise<T>) =>
    inTime(limitMs, read, () => linkFault(redis, new Error(tooLate)))
  const whole = <T>(read: () => Promise<T>): (() => Promise<T>) => {
    const bounded = fromRedis(read)
    return () => bounded('')
  }
  return {
    clock,
    checkpoints: { read: fromCassandra((pair) => checkpoints.read(pair)) },
    pauses: { read: fromCassandra((pair) => pauses.read(pair)) },
    runs: {
      list: fromCassandra((pair) => runs.list(pair)),
      finishedParts: (run) => fromCassandra(() => runs.finishedParts(run))(''),
    },
    windows: { openByState: whole(() => windows.openByState()) },
    rejects: { count: whole(remembered(slowMs, () => rejects.count())) },
    history: { done: whole(() => history.done()) },
    workers: { workers: whole(remembered(slowMs, () => workers.workers())) },
    failures: { failed: fromRedis((pair) => failures.failed(pair)) },
  }
}

const fromCassandra = <T>(read: (pair: string) => Promise<T>) =>
  inTime(
    limitMs,
    read,
    () =>
      new CaesError('CAES_CASSANDRA_DOWN', `Cassandra gave ${tooLate}`, {
        hint: 'look whether it runs, and at contact_points and port in CassandraConfig.driver',
      }),
  )
