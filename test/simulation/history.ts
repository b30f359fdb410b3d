/**
 * A history as data: what clients write, when jobs start, and what goes wrong at which of their awaits. Running it
 * twice gives the same, and each part can be left out without moving the others; that is what shrinking rests on.
 */
import { unitMicros, type Micros, type Unit } from '../../src/core/version.js'
import type { Window } from '../../src/core/window.js'
import { rules, second } from '../support/default-rules.js'

/** All times of a history count from here. */
export const epoch: Micros = 1_700_000_000 * second

/** The settings of the runs: see docs/simulation.md for what each bounds. */
export { rules, second }

/** Length of a window, in seconds. */
export const interval = 3

/** How long entries live. Every window succeeds long before the entries of its writes are gone. */
export const entryTtl: Micros = 300 * second

/** By then the entries of the first writes are gone, and what was deleted among them is old enough to be purged. */
export const muchLater = 600

/** Longer than overlap, TTL and retries together, as the configuration asks for. */
export const purgeAfter: Micros = 400 * second

/** The version that is a time so many seconds after the epoch. */
export const versionOf = (seconds: number, unit: Unit): number => (epoch + seconds * second) / unitMicros(unit)

/** Column names and values; a name that is missing is a missing field of a document, and a null of a row. */
export type Content = Readonly<Record<string, string | true>>

/** A record that is deleted says so, and nothing else. */
export const deleted: Content = { deleted: true }

/**
 * What a client does wrong. `misfit`: a value that fits no column. `stamp`: a timestamp field that is not the version.
 * `future`: an entry of a far future beside the right one.
 */
export type Breach = 'misfit' | 'stamp' | 'future'

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
  readonly breach?: Breach
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
  | 'remove-rows'
  | 'merge'
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

/** Something that workers do, again and again until it succeeds. */
export interface Task {
  /** When its first attempt starts. */
  readonly at: Micros
  readonly worker: 0 | 1
  /** Draws the latencies of its calls. */
  readonly seed: number
  /** The faults of its first attempts; those that follow have none, so every task succeeds in the end. */
  readonly faults: readonly (readonly Fault[])[]
  /** Longest latency of one way, in microseconds. */
  readonly latency: Micros
}

/** The job of a window. */
export interface Job extends Task {
  readonly window: Window
  /** Repeats a window that has a job already. The others tile time, and are never left out. */
  readonly repeats: boolean
}

export interface History {
  readonly records: number
  readonly unit: Unit
  /** Versions count 1, 2, 3 instead of telling the time. */
  readonly logical: boolean
  /** Clients of Cassandra write `USING TIMESTAMP` with their version. */
  readonly writeTimes: boolean
  /** Entries expire, `entryTtl` after they were written. */
  readonly expiry: boolean
  /** Documents have a field that is no column. It is merged from a get of its own right before a write. */
  readonly notes: boolean
  /** A window with more is divided into parts, each a task of its own. */
  readonly maxRecords: number
  /** How far the clocks of clients (by name) are ahead of true time. */
  readonly skews: Readonly<Record<string, Micros>>
  readonly workerSkews: readonly [Micros, Micros]
  readonly writes: readonly ClientWrite[]
  readonly jobs: readonly Job[]
  /** Runs of the purge of what was deleted. */
  readonly purges: readonly Task[]
  /** When Elasticsearch restarts, and forgets which versions it has deleted. */
  readonly restarts: readonly Micros[]
}
