/** What a mix of histories is made of. Probabilities are of one write, or of one attempt of a job. */
import type { Micros, Unit } from '../../src/core/version.js'
import { second } from './history.js'

export interface Mix {
  /** A batch of a client becomes visible in two parts, up to 1.5 s apart. */
  readonly torn: number
  /** A write becomes visible up to 8 s after it was sent. */
  readonly late: number
  /** Clocks differ from true time by up to this, to either side. */
  readonly skew: Micros
  /** A process stands still for up to 60 s and then goes on. */
  readonly pauses: number
  readonly kills: number
  /** A request gives no answer, and takes effect up to 3 s later, or never. */
  readonly timeouts: number
  readonly errors: number
  /** A window runs up to 20 s later than it could, and so after others. */
  readonly delays: number
  /** A window runs twice. */
  readonly repeats: number
  readonly logical: boolean
  /** Clients of Cassandra write `USING TIMESTAMP` with their version. */
  readonly writeTimes: boolean
  readonly unit?: Unit
  /** Entries expire, and much later there are more writes, and windows of the first ones run once more. */
  readonly expiry?: boolean
  /** With that: a write that deletes. Purges run when the first of them are old enough, and Elasticsearch restarts. */
  readonly deletes?: number
  /** A write that cannot be applied as it is. */
  readonly breaches?: number
  /** So many records make a job; a window with more is divided. Unbounded unless given. */
  readonly maxRecords?: number
  /** Documents have a field that is not mirrored. */
  readonly notes?: boolean
}

const calm: Mix = {
  torn: 0,
  late: 0,
  skew: 0,
  pauses: 0,
  kills: 0,
  timeouts: 0,
  errors: 0,
  delays: 0.1,
  repeats: 0.2,
  logical: false,
  writeTimes: false,
}

const everything: Mix = {
  torn: 0.5,
  late: 0.5,
  skew: second / 2,
  pauses: 0.15,
  kills: 0.1,
  timeouts: 0.15,
  errors: 0.1,
  delays: 0.2,
  repeats: 0.3,
  logical: false,
  writeTimes: false,
}

export const mixes = {
  calm,
  torn: { ...calm, torn: 0.8, late: 0.7 },
  late: { ...calm, late: 0.8, torn: 0.3 },
  skewed: { ...calm, skew: second / 2, late: 0.5, torn: 0.5 },
  zombies: { ...calm, pauses: 0.5, kills: 0.1, repeats: 0.4, late: 0.5, torn: 0.3 },
  timeouts: { ...calm, timeouts: 0.5, errors: 0.1, kills: 0.1, late: 0.5, torn: 0.3 },
  logical: { ...everything, logical: true },
  everything,
  'write times': { ...everything, writeTimes: true },
  'logical write times': { ...everything, logical: true, writeTimes: true },
  milliseconds: { ...everything, unit: 'ms' },
  expiry: { ...everything, expiry: true },
  purge: { ...everything, expiry: true, deletes: 0.5 },
  'purge, write times': { ...everything, writeTimes: true, unit: 'ms', expiry: true, deletes: 0.5 },
  rejects: { ...everything, breaches: 0.25 },
  unmirrored: { ...everything, notes: true },
  divided: { ...everything, maxRecords: 1 },
  'divided, logical': { ...everything, logical: true, maxRecords: 1 },
} as const satisfies Record<string, Mix>

export type MixName = keyof typeof mixes
export const mixNames = Object.keys(mixes) as MixName[]
