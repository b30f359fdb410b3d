/** Short ways to write a history down by hand. Times are in seconds. */
import {
  deleted,
  interval,
  rules,
  second,
  versionOf,
  type ClientWrite,
  type Content,
  type Fault,
  type History,
  type Job,
  type Task,
} from './history.js'

interface Landing {
  readonly client?: string
  /** When the document or the row becomes visible; soon after the write if not given. */
  readonly lands?: number
  /** The same for the entry; with the row if not given. */
  readonly entryLands?: number
  readonly record?: number
}

const soon = 0.1

const written = (side: ClientWrite['side'], at: number, content: Content, landing: Landing): ClientWrite => {
  const { client = side === 'elasticsearch' ? 'e1' : 'c1', lands = at + soon, entryLands = lands, record = 0 } = landing
  return {
    name: String(Object.values(content)[0] ?? 'nulls'),
    at: at * second,
    client,
    side,
    record,
    content,
    reads: false,
    lands: (lands - at) * second,
    entryLands: (entryLands - at) * second,
  }
}

/** A client indexes a document; its version is the second of `at`. */
export const index = (at: number, content: Content, landing: Landing = {}): ClientWrite =>
  written('elasticsearch', at, content, landing)

/** A client writes a batch; the second of `at` is its version, `at` its cells' time. Columns not in `content` are null. */
export const batch = (at: number, content: Content, landing: Landing = {}): ClientWrite =>
  written('cassandra', at, content, landing)

/** The state of a record that is deleted, for either side. */
export const gone: Content = deleted

interface JobOptions {
  /** When it starts; as soon as it may if not given. */
  readonly at?: number
  readonly faults?: readonly Fault[]
  readonly worker?: 0 | 1
}

/** The job of the window that starts at the second `from`. */
export const job = (from: number, { at = from + interval + 2, faults = [], worker = 0 }: JobOptions = {}): Job => {
  const window = { from: versionOf(from, 's'), to: versionOf(from + interval, 's') }
  return { ...plain, window, at: at * second, worker, faults: [faults] }
}

/** A purge that starts at the second `at`. */
export const purgeAt = (at: number, faults: readonly Fault[] = []): Task => ({
  seed: 1,
  latency: second / 100,
  at: at * second,
  worker: 0,
  faults: [faults],
})

/** A job over all logical versions. */
export const logicalJob = (at: number, { faults = [] }: Pick<JobOptions, 'faults'> = {}): Job => ({
  ...plain,
  window: { from: 0, to: 1_000 },
  at: at * second,
  worker: 0,
  faults: [faults],
})

const plain = { seed: 1, repeats: false, latency: second / 100 }

/** Jobs that tile time until everything written in the first 24 seconds lies behind the overlap; `changed` replaces some. */
export const tiles = (...changed: readonly Job[]): Job[] => {
  const jobs: Job[] = []
  for (let from = 0; from < 24 + rules.overlap / second; from += interval) {
    jobs.push(changed.find(({ window }) => window.from === versionOf(from, 's')) ?? job(from))
  }
  return jobs
}

/** The same jobs where versions are milliseconds. */
export const inMilliseconds = (jobs: readonly Job[]): Job[] =>
  jobs.map((each) => ({ ...each, window: { from: each.window.from * 1_000, to: each.window.to * 1_000 } }))

export const history = (what: Pick<History, 'writes' | 'jobs'> & Partial<History>): History => ({
  records: 1,
  unit: 's',
  logical: false,
  writeTimes: false,
  expiry: false,
  notes: false,
  maxRecords: Infinity,
  skews: {},
  workerSkews: [0, 0],
  purges: [],
  restarts: [],
  ...what,
})
