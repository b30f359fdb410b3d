/** How the pairs are, for a terminal and for programs. */
import { errorText } from '../core/error-text.js'
import { stalls, type PairState } from '../core/pair-status.js'
import { purposeLabel, whyReconciled } from '../core/run-label.js'
import { printable } from '../core/printable.js'
import { spanLabel } from '../core/span-label.js'
import type { Micros, Unit } from '../core/version.js'
import type { PairReading, StatusReading } from '../sync/read-status.js'
import { localTime, localVersion } from './local-time.js'
import { table } from './table.js'

const columns = [
  { title: 'PAIR', least: 8 },
  { title: 'STATE' },
  { title: 'LAG' },
  { title: 'SYNCED UP TO', least: 12 },
  { title: 'OPEN' },
  { title: 'FAILED' },
  { title: 'REJECTS' },
]

/** A sign beside the word, so that a state is seen at a glance and without colours. */
const signs: Record<PairState | 'unknown', string> = {
  'in sync': '●',
  'catching up': '◐',
  stalled: '▲',
  paused: '‖',
  'never ran': '○',
  unknown: '?',
}

const colours: Record<PairState | 'unknown', number> = {
  'in sync': 32,
  'catching up': 33,
  stalled: 31,
  paused: 36,
  'never ran': 2,
  unknown: 31,
}

export interface StatusView {
  readonly units: ReadonlyMap<string, Unit>
  /** Of the terminal, undefined where there is none. */
  readonly width: number | undefined
  readonly color: boolean
  readonly now: Date
  /** Time until a pair that catches up has done so, where it is known. */
  readonly left?: ReadonlyMap<string, Micros>
}

export const describeStatus = ({ pairs, faults }: StatusReading, view: StatusView): string => {
  const rows = pairs.map((pair) => row(pair, view))
  const [titles = '', ...lines] = table(columns, rows, view.width)
  const painted = lines.map((line, index) => paint(line, pairs[index]!, view))
  const notes = [
    ...pairs.flatMap((pair) => noteOn(pair, view)),
    ...[...new Set(faults.map(errorText))].map((text) => `! ${printable(text)}`),
  ]
  return `${[titles, ...painted, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n')}\n`
}

const stateOf = ({ state }: PairReading): PairState | 'unknown' => state ?? 'unknown'

const row = (pair: PairReading, { units, now }: StatusView): string[] => {
  const { name, watermark, lag, open, rejects } = pair
  const state = stateOf(pair)
  return [
    name,
    `${signs[state]} ${state}`,
    lag === undefined ? '–' : spanLabel(lag),
    watermark === undefined ? '–' : localVersion(watermark, units.get(name) ?? 's', now),
    count(openCount(open)),
    count(open?.failed.length),
    count(rejects),
  ]
}

const count = (number: number | undefined): string => (number === undefined ? '?' : String(number))

const openCount = (open: PairReading['open']): number | undefined =>
  open === undefined ? undefined : open.waiting.length + open.active.length + open.delayed.length + open.failed.length

const paint = (line: string, pair: PairReading, { color }: StatusView): string => {
  if (!color) return line
  const state = stateOf(pair)
  const text = `${signs[state]} ${state}`
  return line.replace(text, `\u001b[${colours[state]}m${text}\u001b[0m`)
}

const noteOn = (
  { name, state, stall, pause, rejects, runs, verifiedAt }: PairReading,
  { now, left }: StatusView,
): string[] => {
  const pair = printable(name)
  const notes: string[] = []
  if (stall !== undefined) notes.push(`${pair}: ${stalls[stall].meaning}`, `  try: ${stalls[stall].advice}`)
  if (pause !== undefined) {
    const since = localTime(pause.since, now)
    notes.push(`${pair}: paused since ${since} by ${printable(pause.who)}`, '  to go on: caes-sync resume')
  }
  if (state === 'never ran') notes.push(`${pair}: begins with the first start of a scheduler: caes-sync run`)
  const remaining = left?.get(name)
  if (remaining !== undefined)
    notes.push(`${pair}: caught up in about ${spanLabel(remaining)}, if it goes on like this`)
  if (verifiedAt !== undefined) notes.push(`${pair}: both sides the same as of ${localTime(verifiedAt, now)}`)
  for (const { run, done, of } of runs ?? []) {
    const far = of === undefined ? 'being cut into parts' : `${done} of ${of} parts done`
    notes.push(`${pair}: ${purposeLabel(run.plan)} since ${localTime(run.startedAt, now)}: ${far}`)
    if (run.plan.purpose === 'reconciliation') notes.push(`  ${whyReconciled}`)
  }
  if (rejects !== undefined && rejects > 0) notes.push(`${pair}: ${rejects} records are set aside: caes-sync rejects`)
  return notes
}

/** The documented object. What is not known is null, and then `faults` names what could not be asked. */
export const statusData = ({ pairs, faults }: StatusReading): object => ({
  pairs: pairs.map(({ name, state, watermark, planned, lag, open, rejects, runs, verifiedAt }) => ({
    name,
    state: state ?? null,
    watermark: watermark ?? null,
    planned: planned ?? null,
    lagSeconds: lag === undefined ? null : Math.round(lag / 1_000) / 1_000,
    openWindows: openCount(open) ?? null,
    failedWindows: open?.failed.length ?? null,
    rejects: rejects ?? null,
    verified: verifiedAt === undefined ? null : new Date(verifiedAt).toISOString(),
    runs:
      runs?.map(({ run: { number, plan, startedAt }, done, of, result }) => ({
        number,
        purpose: plan.purpose,
        from: plan.source,
        started: new Date(startedAt).toISOString(),
        parts: { done, of: of ?? null },
        ...result,
      })) ?? null,
  })),
  ...(faults.length === 0 ? {} : { faults: [...new Set(faults.map(errorText))] }),
})
