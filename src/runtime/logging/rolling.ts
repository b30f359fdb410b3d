/** When log files are full and what they are called then, as in Python's RotatingFileHandler and TimedRotatingFileHandler. */
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Rolling } from './file-sink.js'
import { localParts, strftime, utcParts } from './strftime.js'

/** `x.log`, `x.log.1` … the higher the older. Without a size or without backups nothing ever rolls. */
export const rollingBySize = (maxBytes: number, backups: number): Rolling => ({
  isDue: ({ size }, line) => maxBytes > 0 && backups > 0 && size > 0 && size + Buffer.byteLength(line) >= maxBytes,
  roll: (path) => {
    for (let number = backups - 1; number >= 1; number -= 1) moveIfThere(`${path}.${number}`, `${path}.${number + 1}`)
    moveIfThere(path, `${path}.1`)
  },
})

export interface Timing {
  /** S, M, H, D, MIDNIGHT, or W0 (Monday) to W6. */
  readonly when: string
  readonly interval: number
  /** 0 keeps all. */
  readonly backups: number
  readonly utc: boolean
}

const seconds: Record<string, number> = { S: 1, M: 60, H: 3_600, D: 86_400, MIDNIGHT: 86_400, W: 604_800 }
const suffixes: Record<string, string> = {
  S: '%Y-%m-%d_%H-%M-%S',
  M: '%Y-%m-%d_%H-%M',
  H: '%Y-%m-%d_%H',
  D: '%Y-%m-%d',
  MIDNIGHT: '%Y-%m-%d',
  W: '%Y-%m-%d',
}

/** `x.log`, `x.log.2026-01-31`: what a backup is called tells when its span began. */
export const rollingByTime = (path: string, timing: Timing, now: number): Rolling => {
  const kind = timing.when.startsWith('W') ? 'W' : timing.when
  const span = seconds[kind]! * timing.interval * 1_000
  const partsOf = timing.utc ? utcParts : localParts
  const begin = statSync(path, { throwIfNoEntry: false })
  let due = nextRoll(timing, span, begin === undefined || begin.size === 0 ? now : begin.mtimeMs)
  return {
    isDue: (_file, _line, at) => at >= due,
    roll: (file, at) => {
      const target = `${file}.${strftime(suffixes[kind]!, partsOf(due - span))}`
      // Of two spans with one name, such as at the end of summer time, the later one counts, as in Python.
      rmSync(target, { force: true })
      moveIfThere(file, target)
      if (timing.backups > 0) dropOldest(file, timing.backups)
      due = nextRoll(timing, span, at)
    },
  }
}

/** The first end of a span after `from`. */
const nextRoll = ({ when, interval, utc }: Timing, span: number, from: number): number => {
  if (when !== 'MIDNIGHT' && !when.startsWith('W')) return from + span
  const date = new Date(from)
  const [year, month, day] = utc
    ? [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
    : [date.getFullYear(), date.getMonth(), date.getDate()]
  const midnight = (days: number): number =>
    utc ? Date.UTC(year, month, day + days) : new Date(year, month, day + days).getTime()
  if (when === 'MIDNIGHT') return midnight(interval)
  const weekday = ((utc ? date.getUTCDay() : date.getDay()) + 6) % 7
  const ahead = (Number(when.slice(1)) - weekday + 7) % 7
  return midnight(ahead + 1 + 7 * (interval - 1))
}

const dropOldest = (path: string, backups: number): void => {
  const folder = dirname(path)
  const prefix = `${basename(path)}.`
  const rolled = readdirSync(folder).filter(
    (name) => name.startsWith(prefix) && /^\d{4}-\d{2}-\d{2}/.test(name.slice(prefix.length)),
  )
  for (const name of rolled.toSorted().slice(0, Math.max(0, rolled.length - backups)))
    rmSync(join(folder, name), { force: true })
}

const moveIfThere = (from: string, to: string): void => {
  if (existsSync(from)) renameSync(from, to)
}
