/** Histories that go on until entries have expired and purges may run. Times are in seconds. */
import { muchLater, second, type Job } from './history.js'
import type { Named } from './histories.js'
import { batch, gone, history, index, job, purgeAt, tiles } from './script.js'

/** A window of the first writes, run once more. */
const again = (from: number, at: number, faults: Parameters<typeof job>[1] = {}): Job => ({
  ...job(from, { ...faults, at }),
  repeats: true,
})

/** The windows of what is written after `muchLater`. */
const laterTiles = (): Job[] => Array.from({ length: 12 }, (_, at) => job(muchLater + at * 3))

/** Everything is at rest when the last purge runs. */
const lastPurge = purgeAt(muchLater + 300)

export const longHistories: Readonly<Record<string, Named>> = {
  'windows run once more when the entries of their rows are gone': {
    history: history({
      expiry: true,
      records: 3,
      writes: [
        batch(1.2, { a: 'row' }),
        index(1.4, { a: 'document' }, { record: 1 }),
        batch(1.5, { a: 'tied', b: 'tied' }, { record: 2 }),
        index(1.7, { a: 'winner' }, { record: 2 }),
      ],
      jobs: [...tiles(), again(0, muchLater), again(3, muchLater + 1)],
    }),
  },
  'a record is written again when its entries are gone': {
    history: history({
      expiry: true,
      writes: [index(1.2, { a: 'first' }), batch(muchLater + 0.4, { a: 'later' })],
      jobs: [...tiles(), ...laterTiles()],
    }),
  },
  'a purge dies while it removes a row': {
    without: ['rows purged first'],
    history: history({
      expiry: true,
      writes: [index(1.2, gone)],
      jobs: tiles(),
      purges: [purgeAt(muchLater, [{ at: 'remove-rows 1', kind: 'kill', arrives: false }]), lastPurge],
    }),
  },
  'a client brings a deleted record back while a purge removes it': {
    without: ['purged at the time of what is there'],
    history: history({
      expiry: true,
      records: 2,
      writes: [
        batch(1.2, gone),
        index(1.4, gone, { record: 1 }),
        batch(muchLater + 0.2, { a: 'row' }, { lands: muchLater + 2 }),
        index(muchLater + 0.6, { a: 'document' }, { record: 1, lands: muchLater + 1.02 }),
      ],
      jobs: [...tiles(), ...laterTiles()],
      purges: [purgeAt(muchLater + 1), lastPurge],
    }),
  },
  'a window writes the row of a deleted document anew between two halves of a purge': {
    without: ['purged above what windows write'],
    history: history({
      expiry: true,
      writeTimes: true,
      writes: [index(1.2, gone)],
      jobs: [...tiles(), again(0, muchLater + 1)],
      purges: [purgeAt(muchLater, [{ at: 'bulk 1', kind: 'kill', arrives: false }]), lastPurge],
    }),
  },
  'Elasticsearch restarts after a purge, and the windows of the record run once more': {
    history: history({
      expiry: true,
      records: 2,
      writes: [batch(1.2, gone), index(1.4, gone, { record: 1 })],
      jobs: [...tiles(), again(0, muchLater + 3), again(3, muchLater + 3.1)],
      purges: [purgeAt(muchLater), lastPurge],
      restarts: [(muchLater + 2) * second],
    }),
  },
}
