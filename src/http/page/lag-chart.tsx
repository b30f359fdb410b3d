/** The lag over time: one line, and the band in which it is as it should be. */
import type { Slot } from '../../core/pair-history.js'
import { spanLabel } from '../../core/span-label.js'
import type { Micros } from '../../core/version.js'
import { Axis } from './axis.js'
import { Time } from './words.js'

const width = 600
const height = 100

export interface LagChartProps {
  readonly id: string
  readonly slots: readonly Slot[]
  readonly usualLag: Micros
  readonly now: Micros | undefined
  /** `1 h ago`: where it begins. */
  readonly begins: string
}

export const LagChart = ({ id, slots, usualLag, now, begins }: LagChartProps) => {
  const known = slots.flatMap(({ lag }) => (lag === undefined ? [] : [lag]))
  const highest = known.reduce((most, lag) => Math.max(most, lag), 0)
  const top = Math.max(highest * 1.1, usualLag * 1.6)
  const y = (lag: Micros): number => round(height - (lag / top) * height)
  const summary =
    known.length === 0
      ? 'No window has ended in this time.'
      : `Highest ${spanLabel(highest)}${now === undefined ? '' : `, now ${spanLabel(now)}`}. Up to ${spanLabel(usualLag)} is usual.`
  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">Lag</span>
        <span class="chart-note">{summary}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        class="plot"
        aria-hidden="true"
        focusable="false"
      >
        <rect class="usual" x="0" y={y(usualLag)} width={width} height={round(height - y(usualLag))} />
        <line class="usual-edge" x1="0" x2={width} y1={y(usualLag)} y2={y(usualLag)} />
        {runsOf(slots).map((run) => (
          <>
            <path class="lag-area" d={`${line(run, slots.length, y)}V${height}H${x(run[0]!.index, slots.length)}Z`} />
            <path class="lag-line" d={line(run, slots.length, y)} />
          </>
        ))}
      </svg>
      <Axis begins={begins} />
      <details id={`${id}-lag-numbers`} class="numbers">
        <summary>Numbers</summary>
        <table>
          <caption>Longest lag in each part of the time shown</caption>
          <thead>
            <tr>
              <th scope="col">Until</th>
              <th scope="col">Lag</th>
            </tr>
          </thead>
          <tbody>
            {coarse(slots).map(({ to, lag }) => (
              <tr>
                <th scope="row">
                  <Time at={to} />
                </th>
                <td>{lag === undefined ? 'not known' : spanLabel(lag)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
}

interface Point {
  readonly index: number
  readonly lag: Micros
}

/** Parts of the line without a gap: what is not known is not drawn. */
const runsOf = (slots: readonly Slot[]): Point[][] => {
  const runs: Point[][] = []
  let run: Point[] = []
  for (const [index, { lag }] of slots.entries()) {
    if (lag !== undefined) {
      if (run.length === 0) runs.push((run = []))
      run.push({ index, lag })
    } else {
      run = []
    }
  }
  return runs
}

/** Each slot is as wide as it is long: a line of steps, since the longest lag of a slot is that of all of it. */
const line = (run: readonly Point[], slots: number, y: (lag: Micros) => number): string =>
  `M${x(run[0]!.index, slots)} ${y(run[0]!.lag)}` +
  run.map(({ index, lag }) => `V${y(lag)}H${x(index + 1, slots)}`).join('')

const x = (index: number, slots: number): number => round((index / slots) * width)

const round = (value: number): number => Math.round(value * 10) / 10

/** Twelve rows tell in words what the line tells at a glance. */
const coarse = (slots: readonly Slot[]): { readonly to: Micros; readonly lag: Micros | undefined }[] => {
  const size = Math.ceil(slots.length / 12)
  const rows: { to: Micros; lag: Micros | undefined }[] = []
  for (let start = 0; start < slots.length; start += size) {
    const part = slots.slice(start, start + size)
    const lags = part.flatMap(({ lag }) => (lag === undefined ? [] : [lag]))
    rows.push({ to: part.at(-1)!.to, lag: lags.length === 0 ? undefined : Math.max(...lags) })
  }
  return rows
}
