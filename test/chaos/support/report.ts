/** What a long run did and found, as a table. */
import type { Trial } from './trial.js'

export interface Run {
  readonly trials: readonly Trial[]
  readonly intervalSeconds: number
}

/** Whether both stores were equal within two intervals after the fault was over, and let go of what it had hit. */
export const isPrompt = ({ equalAfterMs, lingersMs }: Trial, intervalSeconds: number): boolean =>
  equalAfterMs !== undefined && equalAfterMs <= lingersMs + 2 * intervalSeconds * 1_000

const heads = [
  'what went wrong',
  'times',
  'longest',
  'writes acknowledged',
  'without answer',
  'lost',
  'other faults found',
  'equal after, median',
  'worst',
  'acknowledged after, worst',
]

/** Rows in the order in which faults were met first; times after a fault in intervals. Markdown. */
export const reportTable = ({ trials, intervalSeconds }: Run): string => {
  const intervals = (ms: number | undefined): string =>
    ms === undefined ? 'never' : (ms / 1_000 / intervalSeconds).toFixed(1)
  const row = (name: string, own: readonly Trial[]): string[] => {
    const lost = sum(own, ({ complaints }) => complaints.filter(({ kind }) => kind === 'lost').length)
    const equal = own.map(({ equalAfterMs }) => equalAfterMs).sort(byTime)
    return [
      name,
      String(own.length),
      `${Math.round(Math.max(...own.map(({ faultMs }) => faultMs)) / 1_000)} s`,
      String(sum(own, ({ attempts }) => attempts.acknowledged)),
      String(sum(own, ({ attempts }) => attempts.unknown)),
      String(lost),
      String(sum(own, ({ complaints }) => complaints.length) - lost),
      intervals(equal[Math.floor((equal.length - 1) / 2)]),
      intervals(equal.at(-1)),
      intervals(
        own
          .map(({ caughtUpAfterMs }) => caughtUpAfterMs)
          .sort(byTime)
          .at(-1),
      ),
    ]
  }
  const names = [...new Set(trials.map(({ fault }) => fault))]
  const rows = [
    ...names.map((name) =>
      row(
        name,
        trials.filter(({ fault }) => fault === name),
      ),
    ),
    row('**all**', trials),
  ]
  const lines = [heads, heads.map((_, index) => (index === 0 ? '---' : '---:')), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Never comes last. */
const byTime = (a: number | undefined, b: number | undefined): number => (a ?? Infinity) - (b ?? Infinity)

const sum = (trials: readonly Trial[], of: (trial: Trial) => number): number =>
  trials.reduce((total, trial) => total + of(trial), 0)
