/** Draws a history from a seed. Clients keep the contract of docs/contract.md; everything else is allowed to happen. */
import type { Micros } from '../../src/core/version.js'
import {
  deleted,
  interval,
  muchLater,
  rules,
  second,
  versionOf,
  type Breach,
  type CallKind,
  type ClientWrite,
  type Content,
  type Fault,
  type History,
  type Job,
  type Task,
} from './history.js'
import { mixes, mixNames, type Mix, type MixName } from './mixes.js'
import { hash, Random } from './random.js'

export const generate = (seed: number, name: MixName): History => {
  const mix = mixes[name]
  const random = new Random(hash(seed, mixNames.indexOf(name)))
  const records = random.pick([1, 2, 3, 3])
  const skew = (): Micros => random.int(-mix.skew, mix.skew)
  const skews = { e1: skew(), e2: skew(), c1: skew(), c2: skew() }
  const workerSkews = [skew(), skew()] as const
  const writes = drawWrites(random, mix, records)
  const { logical, writeTimes, unit = 's', expiry = false, notes = false, deletes = 0, maxRecords = Infinity } = mix
  const jobs = drawJobs(random, mix, writes, workerSkews)
  if (expiry) {
    jobs.push(...drawRepeats(random, mix, jobs))
    const later = drawWrites(random, mix, records, writes)
    jobs.push(...drawJobs(random, mix, later, workerSkews, muchLater))
    writes.push(...later)
  }
  const purges = deletes > 0 ? drawPurges(random, mix) : []
  const restarts = purges.map(({ at }) => at + random.int(-second, 5 * second))
  return {
    records,
    unit,
    logical,
    writeTimes,
    expiry,
    notes,
    maxRecords,
    skews,
    workerSkews,
    writes,
    jobs,
    purges,
    restarts,
  }
}

/** @param before the first writes, if these are the ones that come much later */
const drawWrites = (random: Random, mix: Mix, records: number, before: readonly ClientWrite[] = []): ClientWrite[] => {
  const isLater = before.length > 0
  const start = isLater ? muchLater * second : 0
  const count = isLater ? random.int(1, 5) : random.int(4, 10)
  const span = random.pick([2, 5, 9]) * second
  const writes: ClientWrite[] = []
  let last = 0
  for (let index = before.length; index < before.length + count; index += 1) {
    // Every record has a first state early; what goes wrong later goes wrong over something that is there already.
    const isFirst = index < records
    // Much of what goes wrong needs writes close to each other.
    const isClose = !isFirst && random.chance(0.3) && writes.length > 0
    last = isFirst
      ? second + random.int(0, second)
      : isClose
        ? last + random.int(0, mix.unit === 'ms' ? random.pick([1_000, second / 100, second / 2]) : second / 2)
        : start + 3 * second + random.int(0, span)
    const side = random.chance(0.5) ? 'elasticsearch' : 'cassandra'
    // Who counts versions has to know all that were written on its side: one client a record.
    const client = side === 'elasticsearch' ? random.pick(['e1', 'e2']) : mix.logical ? 'c1' : random.pick(['c1', 'c2'])
    const record = isFirst ? index : random.int(0, records - 1)
    const same = writes.find((write) => write.record === record && random.chance(0.15))
    const name = `w${index}`
    const drawn = same?.content ?? drawContent(random, name)
    const content = isChance(random, mix.deletes) ? deleted : drawn
    const breach = isChance(random, mix.breaches) ? drawBreach(random, side) : undefined
    // Times are different for all writes: equal cell times are a breach that no mode can heal.
    const time = Math.floor(last / 16) * 16 + index
    writes.push({
      name,
      at: time,
      client,
      side,
      record,
      content,
      ...(breach === undefined ? {} : { breach }),
      reads: random.chance(0.4),
      ...(isFirst ? atOnce : drawLanding(random, mix, time)),
    })
  }
  return writes
}

/** Draws nothing where the mix has nothing of the kind, so that its histories stay the same. */
const isChance = (random: Random, probability = 0): boolean => probability > 0 && random.chance(probability)

const drawBreach = (random: Random, side: ClientWrite['side']): Breach =>
  side === 'elasticsearch' ? random.pick(['misfit', 'stamp']) : 'future'

const drawContent = (random: Random, value: string): Content =>
  Object.fromEntries(['a', 'b', 'c'].flatMap((name) => (random.chance(0.7) ? [[name, value]] : [])))

const atOnce = { lands: second / 10, entryLands: second / 10 }

/** Entry and row become visible together, or apart; all of it within 8 s. */
const drawLanding = (random: Random, mix: Mix, at: Micros): Pick<ClientWrite, 'lands' | 'entryLands'> => {
  const tear = random.chance(mix.torn) ? random.int(0, 1.5 * second) : random.int(0, second / 1_000)
  const first = drawFirst(random, mix, at, 8 * second - tear, tear)
  return random.chance(0.5) ? { lands: first, entryLands: first + tear } : { lands: first + tear, entryLands: first }
}

const drawFirst = (random: Random, mix: Mix, at: Micros, most: Micros, tear: Micros): Micros => {
  if (!random.chance(mix.late)) return random.int(second / 1_000, second / 4)
  // Many of the late ones land while a window is likely to be under way, with its reading in the middle of a tear.
  if (random.chance(0.7)) {
    const step = interval * second
    const running = Math.ceil((at + random.int(0, 6) * second) / step) * step + rules.settle + random.int(0, second / 2)
    const first = running - at - random.int(0, tear)
    if (first > 0 && first <= most) return first
  }
  return random.int(0, most)
}

const drawJobs = (
  random: Random,
  mix: Mix,
  writes: readonly ClientWrite[],
  workerSkews: readonly [Micros, Micros],
  start = 0,
): Job[] => {
  // Windows of times go on until the last version lies behind the overlap; logical versions all lie in one.
  const last = Math.max(...writes.map(({ at }) => at)) + mix.skew
  const end = Math.floor(last / second) + 1 + rules.overlap / second
  // After an outage of all workers the windows that piled up run at once.
  const outage = random.chance(0.1) ? random.int(0, 40) * second : 0
  const pace = random.pick([second / 50, second / 10, second / 2])
  const jobs: Job[] = []
  for (let from = start; from < end + interval; from += interval) {
    const worker = random.chance(0.5) ? 0 : 1
    const possible = (from + interval) * second + rules.settle - workerSkews[worker]
    const delay = random.chance(mix.delays)
      ? random.int(0, 20 * second)
      : random.int(0, random.pick([second, second / 5]))
    const window = mix.logical ? { from: 0, to: 1_000 } : windowAt(from, mix.unit)
    const drawn = (at: Micros, repeats: boolean): Job => ({
      window,
      repeats,
      ...drawTask(random, mix, at, worker, pace),
    })
    const at = Math.max(possible + delay, start === 0 ? outage : 0)
    jobs.push(drawn(at, false))
    if (random.chance(mix.repeats)) jobs.push(drawn(at + random.int(0, random.pick([1, 5, 40]) * second), true))
  }
  return jobs
}

const drawTask = (random: Random, mix: Mix, at: Micros, worker: Task['worker'], pace: Micros): Task => ({
  at,
  worker,
  seed: random.int(0, 2 ** 31),
  faults: drawFaults(random, mix),
  latency: random.chance(0.1) ? second : pace,
})

const windowAt = (from: number, unit: Mix['unit'] = 's'): Job['window'] => ({
  from: versionOf(from, unit),
  to: versionOf(from + interval, unit),
})

/** Windows of the first writes that somebody runs once more, when their entries are gone. */
const drawRepeats = (random: Random, mix: Mix, jobs: readonly Job[]): Job[] =>
  jobs.flatMap(({ window, worker }) =>
    random.chance(0.3)
      ? [{ window, repeats: true, ...drawTask(random, mix, drawMuchLater(random), worker, second / 10) }]
      : [],
  )

/** While those windows run, and the later writes are made. The last one finds everything at rest. */
const drawPurges = (random: Random, mix: Mix): Task[] => [
  ...Array.from({ length: random.int(1, 3) }, () =>
    drawTask(random, mix, drawMuchLater(random), random.pick([0, 1]), second / 10),
  ),
  { at: (muchLater + 300) * second, worker: 0, seed: 1, faults: [], latency: second / 100 },
]

const drawMuchLater = (random: Random): Micros => muchLater * second + random.int(0, 20 * second)

/** Where something goes wrong: more often after reading than before, for that is where it hurts. */
const calls: readonly CallKind[] = [
  'refresh',
  'open view',
  'read-entries',
  'read-entries',
  'page',
  'read-rows',
  'read-rows',
  'get',
  'write-entries',
  'write-entries',
  'write-rows',
  'write-rows',
  'bulk',
  'bulk',
  'sleep',
]
const callsOf = ({ deletes, notes }: Mix): readonly CallKind[] => [
  ...calls,
  ...(deletes === undefined ? [] : (['remove-rows', 'remove-rows'] as const)),
  ...(notes === true ? (['merge', 'merge'] as const) : []),
]

const drawFaults = (random: Random, mix: Mix): (readonly Fault[])[] => {
  const attempts: Fault[][] = []
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const faults: Fault[] = []
    for (let draws = 0; draws < 2; draws += 1) {
      const at = `${random.pick(callsOf(mix))} ${random.pick([1, 2, 3, 3])}` as const
      const fault = drawFault(random, mix, at)
      if (fault !== undefined) faults.push(fault)
    }
    attempts.push(faults)
  }
  return attempts
}

const drawFault = (random: Random, mix: Mix, at: Fault['at']): Fault | undefined => {
  if (random.chance(mix.pauses)) {
    return { at, kind: 'pause', span: random.int(0, random.pick([4, 8, 20, 60]) * second) }
  }
  if (random.chance(mix.kills)) return { at, kind: random.chance(0.3) ? 'abort' : 'kill', arrives: random.chance(0.5) }
  if (random.chance(mix.timeouts)) {
    return { at, kind: 'timeout', lands: random.chance(0.7) ? random.int(0, 3 * second) : undefined }
  }
  if (random.chance(mix.errors)) return { at, kind: 'error' }
  if (random.chance(0.05)) {
    return { at, kind: 'slow', there: random.int(1, 3 * second), back: random.int(1, 3 * second) }
  }
  return undefined
}
