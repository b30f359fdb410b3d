/** Short ways to write a history down by hand. Times are in seconds. */
import {
  interval,
  rules,
  second,
  epoch,
  type ClientWrite,
  type Content,
  type Fault,
  type History,
  type Job,
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
    name: Object.values(content)[0] ?? 'nulls',
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

interface JobOptions {
  /** When it starts; as soon as it may if not given. */
  readonly at?: number
  readonly faults?: readonly Fault[]
  readonly worker?: 0 | 1
}

/** The job of the window that starts at the second `from`. */
export const job = (from: number, { at = from + interval + 2, faults = [], worker = 0 }: JobOptions = {}): Job => {
  const start = epoch / second + from
  return { ...plain, window: { from: start, to: start + interval }, at: at * second, worker, faults: [faults] }
}

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
    jobs.push(changed.find(({ window }) => window.from === epoch / second + from) ?? job(from))
  }
  return jobs
}

export const history = (what: Pick<History, 'writes' | 'jobs'> & Partial<History>): History => ({
  records: 1,
  logical: false,
  writeTimes: false,
  skews: {},
  workerSkews: [0, 0],
  ...what,
})
