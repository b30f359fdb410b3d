/**
 * How far a long piece of work has come, on stderr: on a terminal one line that is written over, elsewhere a line now and
 * then. Data that the same terminal shows goes through `around`, which takes the line out of its way.
 */
import { spanLabel } from '../core/span-label.js'
import { useColor, type GlobalOptions } from './global-options.js'
import { styles } from './style.js'

export interface ProgressState {
  readonly done: number
  /** Undefined while it is not known. */
  readonly total?: number | undefined
  /** Said at the end of the line: `3 differences`. */
  readonly note?: string | undefined
}

export interface ProgressLine {
  update(state: ProgressState): void
  /** Writes something else to the terminal. */
  around(write: () => void): void
  /** Takes the line away, or says how it ended where there is no terminal. */
  end(): void
}

/** What it needs of a stream; `columns` only of a terminal. */
export interface ProgressStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

export interface ProgressOptions {
  /** What is being done: `comparing default`. */
  readonly title: string
  /** What is counted: `records`. */
  readonly unit: string
  readonly stream: ProgressStream
  readonly color: boolean
  /** Milliseconds from any start. */
  readonly now: () => number
}

const redrawMs = 100
const plainLineMs = 10_000
/** The rate is that of so long ago, so that it follows what happens now. */
const rateSpanMs = 15_000

const silent: ProgressLine = { update: () => {}, around: (write) => write(), end: () => {} }

/** The line for a verb; silent with --quiet. */
export const progressFor = (title: string, unit: string, global: GlobalOptions): ProgressLine =>
  global.quiet === true
    ? silent
    : progressLine({
        title,
        unit,
        stream: process.stderr,
        color: useColor(global, process.stderr),
        now: () => performance.now(),
      })

export const progressLine = (options: ProgressOptions): ProgressLine => {
  const { stream, now } = options
  const isTerminal = stream.isTTY === true
  const everyMs = isTerminal ? redrawMs : plainLineMs
  const samples: { readonly at: number; readonly done: number }[] = [{ at: now(), done: 0 }]
  let latest: ProgressState | undefined
  let written = now()
  let shown = false

  const rate = (): number => {
    const [first, last] = [samples[0]!, samples.at(-1)!]
    return last.at > first.at ? ((last.done - first.done) * 1_000) / (last.at - first.at) : 0
  }
  const draw = (): void => {
    if (latest === undefined) return
    written = now()
    const text = progressText(latest, rate(), options)
    stream.write(isTerminal ? `\r\u001B[K${text}` : `${text}\n`)
    shown = isTerminal
  }
  const clear = (): void => {
    if (shown) stream.write('\r\u001B[K')
    shown = false
  }
  return {
    update: (state) => {
      latest = state
      samples.push({ at: now(), done: state.done })
      while (samples.length > 2 && samples[1]!.at < now() - rateSpanMs) samples.shift()
      if (now() - written >= everyMs) draw()
    },
    around: (write) => {
      const wasShown = shown
      clear()
      write()
      if (wasShown) draw()
    },
    end: clear,
  }
}

export const progressText = (
  { done, total, note }: ProgressState,
  rate: number,
  { title, unit, stream, color }: Pick<ProgressOptions, 'title' | 'unit' | 'stream' | 'color'>,
): string => {
  const { bold, dim } = styles(color)
  const parts = [total === undefined ? `${number(done)} ${unit}` : `${number(done)} of about ${number(total)} ${unit}`]
  if (rate >= 1) {
    parts.push(`${number(rate)}/s`)
    // An estimate may be too small: then nothing is known about the rest.
    if (total !== undefined && total > done) parts.push(`${spanLabel(((total - done) / rate) * 1e6)} left`)
  }
  if (note !== undefined) parts.push(note)
  const plain = `${title}: ${parts.join(' · ')}`
  // A line that wraps could not be written over.
  if (stream.columns !== undefined && plain.length >= stream.columns) return plain.slice(0, stream.columns - 1)
  return `${bold(title)}: ${parts.join(dim(' · '))}`
}

const number = (value: number): string => Math.round(value).toLocaleString('en-US')
