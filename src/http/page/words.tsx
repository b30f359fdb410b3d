/** How the page says numbers, times and states. */
import type { PairState } from '../../core/pair-status.js'
import { isClock, micros, type Micros, type Unit, type Version } from '../../core/version.js'
import type { Window } from '../../core/window.js'
import type { WindowOutcome } from '../../core/window-strip.js'

export type ShownState = PairState | 'unknown'

export const shownState = (state: PairState | undefined): ShownState => state ?? 'unknown'

/** `in sync` as a class: `in-sync`. */
export const classOf = (words: string): string => words.replaceAll(' ', '-')

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
export const number = (value: number): string => numbers.format(value)

/** `1 window`, `3 windows`. */
export const counted = (count: number, what: string): string => `${number(count)} ${what}${count === 1 ? '' : 's'}`

/** UTC in the page; the script makes it the reader's local time. */
export const Time = ({ at }: { readonly at: Micros }) => {
  const iso = new Date(at / 1_000).toISOString()
  return <time datetime={iso}>{iso.slice(0, 19).replace('T', ' ')} UTC</time>
}

/** A version as a time, where it is one. */
export const VersionTime = ({ version, unit }: { readonly version: Version; readonly unit: Unit }) =>
  isClock(version, unit) ? <Time at={micros(version, unit)} /> : <>{version}</>

/** A window as two times; the script leaves the day out where it is today. */
export const Range = ({ window: { from, to }, unit }: { readonly window: Window; readonly unit: Unit }) => (
  <>
    <VersionTime version={from} unit={unit} /> – <VersionTime version={to} unit={unit} />
  </>
)

/** What each kind of window means, said where it is shown. */
export const outcomeWords: Record<WindowOutcome, string> = {
  equal: 'both sides equal',
  written: 'records copied',
  'set aside': 'some records set aside',
  active: 'being worked on',
  waiting: 'waits for a worker',
  delayed: 'put off',
  failed: 'failed',
}
