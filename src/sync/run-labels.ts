/**
 * The newest entries for a run over everything. The timeseries table cannot be read by id, and reading it for every
 * chunk of ids would cost its square: so it is read once, and from then on only where entries may have come.
 */
import { LabelIndex } from '../core/label-index.js'
import { overlapUnits } from '../core/rules.js'
import { startedAfter } from '../core/started-after.js'
import { UuidMap } from '../core/uuid-map.js'
import { firstClock, versionAt, versionFault, type Micros, type Version } from '../core/version.js'
import type { Look, Looks } from './look.js'
import type { Pair } from './pair.js'

export interface RunLabels {
  /** The newest entry of an id as of the latest look; undefined for none, and for one that is not kept. */
  get(id: string): Version | undefined
  readonly looks: Pick<Looks, 'again'>
}

/**
 * Reads the timeseries table.
 * @param since entries before it do not matter
 */
export const openRunLabels = async (
  { rows, rules, clock }: Pick<Pair, 'rows' | 'rules' | 'clock'>,
  since: Version,
  signal: AbortSignal,
): Promise<RunLabels> => {
  const { unit } = rules
  const index = new LabelIndex()
  const read = async (from: Version, before: Version | undefined, startedAt: Micros): Promise<void> => {
    for await (const page of rows.entries(from, signal, before)) {
      for (const { id, version } of page) {
        if (versionFault(version, unit, startedAt, rules.maxFuture) === undefined) index.add(id, version)
      }
    }
  }
  /** By contract no entry becomes readable later than the overlap after its version, if that is a time. */
  const mayComeFrom = (now: Micros): Version => Math.max(since, versionAt(now, unit) - overlapUnits(rules))

  const openedAt = clock.now()
  // Where clients write their versions as write times, cells tell them; entries are needed of what is still landing.
  let from = rules.labels === 'write-times' ? mayComeFrom(openedAt - rules.overlap) : since
  const look = startedAfter(async (): Promise<Micros> => {
    const startedAt = clock.now()
    // Counters say nothing about time: their entries may come at any version.
    if (since < firstClock(unit) && from >= firstClock(unit)) await read(since, firstClock(unit), startedAt)
    await read(from, undefined, startedAt)
    from = Math.max(from, mayComeFrom(startedAt))
    return startedAt
  })
  await look()

  return {
    get: (id) => index.get(id),
    looks: {
      again: async (ids): Promise<Look> => {
        const startedAt = await look()
        // Taken out of the index, which goes on: a second look is compared with what the first one saw.
        const labels = new UuidMap()
        for (const id of ids) {
          const version = index.get(id)
          if (version !== undefined) labels.raise(id, version)
        }
        return { startedAt, labels, faults: [], before: undefined }
      },
    },
  }
}
