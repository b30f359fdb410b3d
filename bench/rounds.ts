/**
 * Comparing ways to do one job. Each round runs every contender once on the same data, in an order that rotates, so
 * that a machine whose speed drifts treats all alike; what is quoted is the median of the ratios within rounds. The
 * first contender runs twice in each round: the ratio of the two (A/A) is the noise that every other ratio has as well.
 * One round before the first is not counted: code is compiled, connections are opened, caches fill.
 */

export interface Contender<Round> {
  readonly name: string
  /** Makes an empty target and opens what it takes; not measured. The result does the job, and tells how many records. */
  readonly ready: (round: Round) => Promise<() => Promise<number>>
}

export interface Comparison<Round> {
  readonly title: string
  /** The first is what the others are measured against. */
  readonly contenders: readonly [Contender<Round>, ...Contender<Round>[]]
  /** Makes the data of one round; not measured. */
  readonly prepare: (round: number) => Promise<Round>
}

export interface Measured {
  readonly name: string
  /** Records per second, one value a round. */
  readonly rates: readonly number[]
  /** This one's time divided by the first contender's, in the same round: 2 means that the first is twice as fast. */
  readonly ratios: readonly number[]
}

export interface Result {
  readonly title: string
  readonly measured: readonly Measured[]
}

const control = 'the same once more (A/A)'

/** @param now in milliseconds; the time of the processor, where a job is nothing but computing */
export const compare = async <Round>(
  { title, contenders, prepare }: Comparison<Round>,
  rounds: number,
  say: (line: string) => void,
  now: () => number = () => performance.now(),
): Promise<Result> => {
  const [first, ...others] = contenders
  const all = [first, { ...first, name: control }, ...others]
  const runs = all.map(({ name }) => ({ name, rates: [] as number[], seconds: [] as number[] }))
  for (let number = 0; number <= rounds; number += 1) {
    const round = await prepare(number)
    for (const index of rotated([...all.keys()], number)) {
      const job = await all[index]!.ready(round)
      const began = now()
      const records = await job()
      const taken = (now() - began) / 1_000
      const { name, rates, seconds } = runs[index]!
      say(`${title}, round ${number} of ${rounds}, ${name}: ${records} records in ${taken.toFixed(2)} s`)
      if (number === 0) continue
      seconds.push(taken)
      rates.push(records / taken)
    }
  }
  const measured = runs.map(({ name, rates, seconds }) => ({
    name,
    rates,
    ratios: seconds.map((each, index) => each / runs[0]!.seconds[index]!),
  }))
  return { title, measured }
}

/** The same items, beginning with another one each time. */
export const rotated = <T>(items: readonly T[], by: number): T[] => {
  const start = items.length === 0 ? 0 : by % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}

/** The middle value, or the mean of the two in the middle; NaN of none. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN
  return (lower + upper) / 2
}
