/** The last windows, one cell each, newest last. Each leads to its job. */
import { windowId } from '../../adapters/bullmq/window-id.js'
import { isClock, micros, type Unit, type Version } from '../../core/version.js'
import type { Window } from '../../core/window.js'
import { windowLabel } from '../../core/window-label.js'
import type { StripWindow, WindowOutcome } from '../../core/window-strip.js'
import { jobPath } from './links.js'
import { classOf, counted, outcomeWords } from './words.js'

const signs: Record<WindowOutcome, string> = {
  equal: '',
  written: '',
  'set aside': '!',
  active: '▸',
  waiting: '·',
  delayed: '…',
  failed: '×',
}

const legend: readonly WindowOutcome[] = ['equal', 'written', 'set aside', 'active', 'waiting', 'delayed', 'failed']

export interface StripProps {
  readonly pair: string
  readonly unit: Unit
  readonly windows: readonly StripWindow[]
}

export const Strip = ({ pair, unit, windows }: StripProps) => {
  const id = `strip-${pair}`
  const shown = new Set(windows.map(({ outcome }) => outcome))
  return (
    <section class="strip-part" aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>Last {counted(windows.length, 'window')}</h3>
      <a class="skip" id={`${id}-skip`} href={`#${id}-end`}>
        Skip the windows
      </a>
      <ol class="strip">
        {windows.map(({ window, outcome, report }) => {
          const what = describe(outcome, report)
          const label = `${windowLabel(window, unit)}: ${what}`
          const job = windowId(pair, window)
          return (
            <li>
              <a
                id={`w-${job}`}
                class={`cell is-${classOf(outcome)} size-${sizeOf(report)}`}
                href={jobPath('windows', job)}
                data-what={what}
                {...times(window, unit)}
                title={label}
                aria-label={label}
              >
                <span aria-hidden="true">{signs[outcome]}</span>
              </a>
            </li>
          )
        })}
      </ol>
      <ul class="legend" id={`${id}-end`}>
        {legend
          .filter((outcome) => shown.has(outcome))
          .map((outcome) => (
            <li>
              <span class={`cell is-${classOf(outcome)} size-2`} aria-hidden="true">
                {signs[outcome]}
              </span>
              {outcomeWords[outcome]}
            </li>
          ))}
      </ul>
    </section>
  )
}

/** For the script, which says the range in the reader's own time. */
const times = ({ from, to }: Window, unit: Unit) =>
  isClock(from, unit) ? { 'data-from': isoTime(from, unit), 'data-to': isoTime(to, unit) } : {}

const isoTime = (version: Version, unit: Unit): string => new Date(micros(version, unit) / 1_000).toISOString()

const describe = (outcome: WindowOutcome, report: StripWindow['report']): string => {
  if (report === undefined) return outcomeWords[outcome]
  const { written, unchanged, rejected } = report
  const parts = [
    [written.elasticsearch, 'to Elasticsearch'],
    [written.cassandra, 'to Cassandra'],
    [unchanged, 'equal'],
    [rejected, 'set aside'],
  ].filter(([count]) => Number(count) > 0)
  return parts.length === 0 ? 'nothing to do' : parts.map((part) => part.join(' ')).join(', ')
}

/** How high a cell is filled, 0 to 4: by powers of ten of what it wrote. */
const sizeOf = (report: StripWindow['report']): number => {
  const written = report === undefined ? 0 : report.written.elasticsearch + report.written.cassandra
  return written === 0 ? 0 : Math.min(4, 1 + Math.floor(Math.log10(written)))
}
