/** Everything that is measured, in Prometheus' text form. The only file that knows prom-client. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Micros } from '../core/version.js'
import type { Clock } from '../ports/clock.js'
import { pairStates } from '../core/pair-status.js'
import { runPurposes } from '../core/run.js'
import type {
  ProgressMetrics,
  RejectMetrics,
  RunMetrics,
  StatusMetrics,
  StoreMetrics,
  WorkerMetrics,
} from '../ports/metrics.js'

export interface Metrics
  extends WorkerMetrics, ProgressMetrics, RejectMetrics, StatusMetrics, StoreMetrics, RunMetrics {
  readonly contentType: string
  text(): Promise<string>
}

/** One window syncs both ways at once, so both directions lag alike. */
const directions = ['to_elasticsearch', 'to_cassandra'] as const
/** For results that a window counts once, whichever side they would have been written to. */
const either = 'either'

const seconds = (time: Micros): number => time / 1_000_000

/** A registry of its own for each call: several daemons can live in one process, and so can their tests. */
export const createMetrics = (clock: Pick<Clock, 'now'>, version: string): Metrics => {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const buildInfo = new Gauge({
    name: 'caes_sync_build_info',
    help: 'Always 1; the labels say what runs.',
    labelNames: ['version', 'node'],
    registers,
  })
  buildInfo.set({ version, node: process.versions.node }, 1)
  const windows = new Counter({
    name: 'caes_sync_windows_total',
    help: 'Attempts at windows by how they ended.',
    labelNames: ['pair', 'status'],
    registers,
  })
  const documents = new Counter({
    name: 'caes_sync_documents_total',
    help: 'Records of completed windows by result.',
    labelNames: ['pair', 'direction', 'result'],
    registers,
  })
  const lateWrites = new Counter({
    name: 'caes_sync_late_writes_total',
    help: 'Writes that landed later than sync.overlap and were caught by an audit.',
    labelNames: ['pair', 'direction'],
    registers,
  })
  const ties = new Counter({
    name: 'caes_sync_ties_total',
    help: 'Records with the same version and different content; Elasticsearch won.',
    labelNames: ['pair'],
    registers,
  })
  const deferred = new Counter({
    name: 'caes_sync_deferred_total',
    help: 'Records that windows left as they are: held for a later window, or unlabelled or orphaned by a late write.',
    labelNames: ['pair', 'reason'],
    registers,
  })
  const states = new Gauge({
    name: 'caes_sync_state',
    help: '1 for the state that a pair is in, 0 for the others; absent while it is not known.',
    labelNames: ['pair', 'state'],
    registers,
  })
  const paused = new Gauge({
    name: 'caes_sync_paused',
    help: '1 while somebody has paused the pair.',
    labelNames: ['pair'],
    registers,
  })
  const failedWindows = new Gauge({
    name: 'caes_sync_failed_windows',
    help: 'Windows that failed for good and wait for a hand.',
    labelNames: ['pair'],
    registers,
  })
  const duration = new Histogram({
    name: 'caes_sync_window_duration_seconds',
    help: 'How long completed windows took.',
    labelNames: ['pair'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  })
  const lastSuccess = new Gauge({
    name: 'caes_sync_last_success_timestamp_seconds',
    help: 'When this process last completed a window.',
    labelNames: ['pair'],
    registers,
  })
  const openWindows = new Gauge({
    name: 'caes_sync_open_windows',
    help: 'Windows handed out and not completed, failed ones included.',
    labelNames: ['pair'],
    registers,
  })
  const storeUp = new Gauge({
    name: 'caes_sync_store_up',
    help: '1 while this worker starts windows on the store, 0 while it waits for it.',
    labelNames: ['side', 'store'],
    registers,
  })
  const keptRejects = new Gauge({
    name: 'caes_sync_rejects',
    help: 'Records that are set aside and wait for a hand, as far as the list keeps them.',
    labelNames: ['pair'],
    registers,
  })
  const parts = new Counter({
    name: 'caes_sync_parts_total',
    help: 'Attempts at parts of runs over everything by how they ended.',
    labelNames: ['pair', 'status'],
    registers,
  })
  const runRecords = new Counter({
    name: 'caes_sync_run_records_total',
    help: 'Records that parts of runs read, wrote, left to windows or set aside.',
    labelNames: ['pair', 'purpose', 'result'],
    registers,
  })
  const openRuns = new Gauge({
    name: 'caes_sync_runs',
    help: '1 while a run over everything is not finished, by what it is for.',
    labelNames: ['pair', 'purpose'],
    registers,
  })
  const runParts = new Gauge({
    name: 'caes_sync_run_parts',
    help: 'Parts of the unfinished run of a purpose that are done, and all of them; absent while there is none.',
    labelNames: ['pair', 'purpose', 'state'],
    registers,
  })
  const differences = new Counter({
    name: 'caes_sync_differences_total',
    help: 'Records that an audit of everything found different, and repaired or not.',
    labelNames: ['pair', 'result'],
    registers,
  })
  const verified = new Gauge({
    name: 'caes_sync_verified_timestamp_seconds',
    help: 'As of when an audit of everything has shown that both sides held the same; absent until one has.',
    labelNames: ['pair'],
    registers,
  })
  const reconciliations = new Counter({
    name: 'caes_sync_reconciliations_total',
    help: 'Reconciliations that this process started, because entries may have expired unread.',
    labelNames: ['pair'],
    registers,
  })
  const watermarks = new Map<string, Micros>()
  const watermarkGauge = new Gauge({
    name: 'caes_sync_watermark_timestamp_seconds',
    help: 'Everything before is acknowledged on both sides.',
    labelNames: ['pair'],
    collect() {
      for (const [pair, watermark] of watermarks) this.set({ pair }, seconds(watermark))
    },
    registers: [],
  })
  const lagGauge = new Gauge({
    name: 'caes_sync_lag_seconds',
    help: 'Age of the watermark; absent until it is known.',
    labelNames: ['pair', 'direction'],
    // Computed when asked, so that it grows while nobody observes anything.
    collect() {
      for (const [pair, watermark] of watermarks) {
        for (const direction of directions) this.set({ pair, direction }, seconds(clock.now() - watermark))
      }
    },
    registers: [],
  })
  registry.registerMetric(watermarkGauge)
  registry.registerMetric(lagGauge)

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    recordsSynced: (report) => {
      const { pair } = report
      documents.inc({ pair, direction: 'to_elasticsearch', result: 'written' }, report.written.elasticsearch)
      documents.inc({ pair, direction: 'to_cassandra', result: 'written' }, report.written.cassandra)
      for (const result of ['unchanged', 'superseded', 'rejected'] as const) {
        documents.inc({ pair, direction: either, result }, report[result])
      }
      ties.inc({ pair }, report.ties)
      for (const reason of ['held', 'unlabelled', 'orphaned'] as const) deferred.inc({ pair, reason }, report[reason])
    },
    lateWritesCaught: (pair, written) => {
      lateWrites.inc({ pair, direction: 'to_elasticsearch' }, written.elasticsearch)
      lateWrites.inc({ pair, direction: 'to_cassandra' }, written.cassandra)
    },
    windowCompleted: ({ pair, durationMs }) => {
      windows.inc({ pair, status: 'completed' })
      duration.observe({ pair }, durationMs / 1000)
      lastSuccess.set({ pair }, seconds(clock.now()))
    },
    windowNotCompleted: (pair, status) => windows.inc({ pair, status }),
    observed: (pair, watermark, open) => {
      watermarks.set(pair, watermark)
      openWindows.set({ pair }, open)
    },
    storeObserved: ({ side, name }, up) => storeUp.set({ side, store: name }, up ? 1 : 0),
    statusObserved: (pair, status) => {
      setOrRemove(paused, { pair }, status.paused === undefined ? undefined : Number(status.paused))
      setOrRemove(failedWindows, { pair }, status.failedWindows)
      for (const state of pairStates) {
        const isIt = status.state === undefined ? undefined : Number(state === status.state)
        setOrRemove(states, { pair, state }, isIt)
      }
    },
    rejectsObserved: (pair, kept) => keptRejects.set({ pair }, kept),
    partEnded: (pair, status) => parts.inc({ pair, status }),
    partWorked: (pair, purpose, { read, written, left, rejected, differences: found, repaired = 0 }) => {
      const counts = {
        read,
        written_to_elasticsearch: written.elasticsearch,
        written_to_cassandra: written.cassandra,
        left,
        rejected,
      }
      for (const [result, count] of Object.entries(counts)) runRecords.inc({ pair, purpose, result }, count)
      if (found === undefined) return
      differences.inc({ pair, result: 'repaired' }, repaired)
      differences.inc({ pair, result: 'left' }, found - repaired)
    },
    runsObserved: (pair, runs, verifiedAt) => {
      setOrRemove(verified, { pair }, verifiedAt === undefined ? undefined : verifiedAt / 1_000)
      for (const purpose of runPurposes) {
        const found = runs.find(({ run }) => run.plan.purpose === purpose)
        openRuns.set({ pair, purpose }, found === undefined ? 0 : 1)
        setOrRemove(runParts, { pair, purpose, state: 'done' }, found?.done)
        setOrRemove(runParts, { pair, purpose, state: 'all' }, found?.of)
      }
    },
    reconciliationStarted: (pair) => reconciliations.inc({ pair }),
  }
}

const setOrRemove = (gauge: Gauge, labels: Record<string, string>, value: number | undefined): void => {
  if (value === undefined) gauge.remove(labels)
  else gauge.set(labels, value)
}
