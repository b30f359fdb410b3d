/** Results as tables of Markdown, to be read on a terminal and pasted into a page. */
import { median, type Result } from './rounds.js'
import type { Backfill } from './scenarios/backfill.js'
import type { Freshness } from './scenarios/freshness.js'
import type { Idle } from './scenarios/idle.js'
import type { Memory } from './scenarios/memory.js'
import type { Workers } from './scenarios/workers.js'

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
const hundredths = (value: number): string => value.toFixed(2)

const table = (title: string, head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [
    `### ${title}`,
    '',
    `| ${head.join(' | ')} |`,
    `|---|${'---:|'.repeat(head.length - 1)}`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
  ].join('\n')

export const comparisonText = ({ title, measured }: Result): string =>
  table(
    title,
    ['', 'records/s, median', 'its time ÷ ours, median', 'smallest–largest'],
    measured.map(({ name, rates, ratios }) => [
      name,
      whole(median(rates)),
      hundredths(median(ratios)),
      `${hundredths(Math.min(...ratios))}–${hundredths(Math.max(...ratios))}`,
    ]),
  )

export const freshnessText = (results: readonly Freshness[]): string =>
  table(
    'from an acknowledged write to its presence in the other store, interval 1 s, settle 2 s',
    ['writes/s asked for', 'writes/s', 'watched', 'missing', 'latest write s', 'p50 s', 'p95 s', 'p99 s'],
    results.map(({ wanted, writesPerSecond, watched, missing, latest, p50, p95, p99 }) => [
      whole(wanted),
      whole(writesPerSecond),
      whole(watched),
      whole(missing),
      hundredths(latest),
      hundredths(p50),
      hundredths(p95),
      hundredths(p99),
    ]),
  )

export const idleText = (results: readonly Idle[]): string =>
  table(
    'processor time of an idle service, interval 1 s, in percent of one core',
    ['pairs', 'scheduler', 'worker', 'both, for each pair'],
    results.map(({ pairs, scheduler, worker }) => [
      whole(pairs),
      hundredths(100 * scheduler),
      hundredths(100 * worker),
      hundredths((100 * (scheduler + worker)) / pairs),
    ]),
  )

export const memoryText = (results: readonly Memory[]): string =>
  table(
    'peak memory of one worker, concurrency 4',
    ['records', 'how many', 'peak MB', 'seconds', 'met, times each'],
    results.map(({ shape, records, peak, seconds, met }) => [
      shape,
      whole(records),
      whole(peak / 2 ** 20),
      whole(seconds),
      hundredths(met / records),
    ]),
  )

export const workersText = (results: readonly Workers[]): string =>
  table(
    'a gap of small windows while each request to a store takes 20 ms, one window at a time in each worker',
    ['workers', 'windows/s', 'records/s', 'times one worker'],
    results.map(({ workers, windowsPerSecond, recordsPerSecond }) => [
      whole(workers),
      hundredths(windowsPerSecond),
      whole(recordsPerSecond),
      hundredths(windowsPerSecond / results[0]!.windowsPerSecond),
    ]),
  )

export const backfillText = (results: readonly Backfill[]): string =>
  table(
    'a copy of everything whose worker is killed in the middle, and a comparison after it',
    [
      'from',
      'records',
      'seconds',
      'times a plain script',
      'times the raw drivers',
      'peak MB',
      'comparing, seconds',
      'times reading both sides',
    ],
    results.map(({ source, records, copied, plain, raw, peak, verified, scanned }) => [
      source,
      whole(records),
      whole(copied),
      hundredths(copied / plain),
      hundredths(copied / raw),
      whole(peak / 2 ** 20),
      whole(verified),
      hundredths(verified / scanned),
    ]),
  )
