/**
 * A history as data: what clients write, when jobs start, and what goes wrong at which of their awaits. Running it
 * twice gives the same, and each part can be left out without moving the others; that is what shrinking rests on.
 */
import type { Micros } from '../../src/core/version.js'
import type { Window } from '../../src/core/window.js'
import { rules, second } from '../support/default-rules.js'

/** All times of a history count from here. */
export const epoch: Micros = 1_700_000_000 * second

/** The settings of the runs: see docs/simulation.md for what each bounds. */
export { rules, second }

/** Length of a window, in units. */
export const interval = 3

/** Column names and values; a name that is missing is a missing field of a document, and a null of a row. */
export type Content = Readonly<Record<string, string>>

export interface ClientWrite {
  /** By this name a timeline and a mixed row tell whose content it is. */
  readonly name: string
  /** When the client takes version and cell time from its clock, and sends. */
  readonly at: Micros
  readonly client: string
  readonly side: 'elasticsearch' | 'cassandra'
  /** Which record. */
  readonly record: number
  readonly content: Content
  /** The client knows the version that it can read at that moment, and does not write what is not greater. */
  readonly reads: boolean
  /** How long after sending the document, or the row, becomes visible. */
  readonly lands: Micros
  /** The same for the entry of a row. */
  readonly entryLands: Micros
}

/** Where in an attempt: the request or sleep, and its how-manieth of that kind, from 1. */
export type CallName = `${CallKind} ${number}`
export type CallKind =
  | 'refresh'
  | 'open view'
  | 'count'
  | 'page'
  | 'get'
  | 'bulk'
  | 'read-entries'
  | 'read-rows'
  | 'scan-rows'
  | 'write-entries'
  | 'write-rows'
  | 'sleep'

export type Fault =
  /** The network takes its time with the request and with its answer. */
  | { readonly at: CallName; readonly kind: 'slow'; readonly there: Micros; readonly back: Micros }
  /** The process stands still for `span` from sending this on. The request itself is under way. */
  | { readonly at: CallName; readonly kind: 'pause'; readonly span: Micros }
  /** The process is gone; what it has sent may still arrive. */
  | { readonly at: CallName; readonly kind: 'kill'; readonly arrives: boolean }
  /** An error that says so, and nothing was done: a partial answer, an overloaded store. */
  | { readonly at: CallName; readonly kind: 'error' }
  /** An answer that never comes; the request takes effect after `lands`, or never. */
  | { readonly at: CallName; readonly kind: 'timeout'; readonly lands: Micros | undefined }
  /** The worker is told to stop what it does. */
  | { readonly at: CallName; readonly kind: 'abort' }

export interface Job {
  readonly window: Window
  /** When its first attempt starts. */
  readonly at: Micros
  readonly worker: 0 | 1
  /** Draws the latencies of its calls. */
  readonly seed: number
  /** The faults of its first attempts; those that follow have none, so every job succeeds in the end. */
  readonly faults: readonly (readonly Fault[])[]
  /** Repeats a window that has a job already. The others tile time, and are never left out. */
  readonly repeats: boolean
  /** Longest latency of one way, in microseconds. */
  readonly latency: Micros
}

export interface History {
  readonly records: number
  /** Versions count 1, 2, 3 instead of telling the time. */
  readonly logical: boolean
  /** Clients of Cassandra write `USING TIMESTAMP` with their version. */
  readonly writeTimes: boolean
  /** How far the clocks of clients (by name) are ahead of true time. */
  readonly skews: Readonly<Record<string, Micros>>
  readonly workerSkews: readonly [Micros, Micros]
  readonly writes: readonly ClientWrite[]
  readonly jobs: readonly Job[]
}
