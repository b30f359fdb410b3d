/** The histories that the rules were made for, each with the rules that it breaks without. Times are in seconds. */
import { second, type ClientWrite, type History } from './history.js'
import { longHistories } from './long-histories.js'
import type { RuleName } from './rules-removed.js'
import { batch, history, inMilliseconds, index, job, logicalJob, tiles } from './script.js'

export interface Named {
  readonly history: History
  /** Without any one of these it breaks. */
  readonly without?: readonly RuleName[]
  /** Each of these is enough; without both it breaks. */
  readonly withoutBoth?: readonly [RuleName, RuleName]
}

/**
 * Another record, whose document cannot become a row until it is written anew: where it lies the sides stay unlike, so
 * that windows read there, and the record that the history is about has to withstand it.
 */
const keptUnlike = (at: number): readonly ClientWrite[] => [
  { ...index(at, { a: 'misfit' }, { record: 1 }), breach: 'misfit' },
  batch(at + 14, { a: 'mended' }, { record: 1 }),
]

/** By what happens in them. */
export const histories: Readonly<Record<string, Named>> = {
  'a late batch becomes whole between the look at the entries and the reading of its row': {
    without: ['second look', 'second look behind the window'],
    history: history({
      // The client is half a second behind, the worker as much ahead: to it, the row looks older than the hold.
      skews: { c1: -second / 2 },
      workerSkews: [0, second / 2],
      writes: [
        index(1.3, { a: 'first' }),
        index(2.5, { a: 'document' }, { lands: 10.5 }),
        batch(3.51, { a: 'late' }, { lands: 12.7 }),
      ],
      jobs: tiles(
        job(6, { at: 12.55, worker: 1, faults: [{ at: 'read-rows 1', kind: 'slow', there: second / 2, back: 1_000 }] }),
      ),
    }),
  },
  'windows run late, and the oldest first, when the row is newer than all of its window': {
    without: ['look without an end (at the window)'],
    history: history({
      writes: [batch(1.2, { a: 'first' }), index(2.5, { a: 'document' }), batch(10.2, { a: 'newer' })],
      jobs: tiles(job(0, { at: 25 })).map((each) => (each.at < 25 * second ? { ...each, at: 27 * second } : each)),
    }),
  },
  'a window runs long after its time, when the newest entry lies beyond its look': {
    without: ['rows beyond the look'],
    history: history({
      writes: [batch(1.2, { a: 'first' }), index(2.5, { a: 'document' }), batch(45.2, { a: 'newer' })],
      jobs: [...tiles(job(0, { at: 90 })), ...[45, 48, 51, 54, 57, 60, 63].map((from) => job(from))],
    }),
  },
  'the clock of a client is ahead, and its version is one of the future': {
    withoutBoth: ['look without an end (at now)', 'late-content hold'],
    history: history({
      skews: { c1: second },
      writes: [
        batch(0.2, { a: 'first' }),
        index(2.5, { a: 'document' }, { lands: 6 }),
        batch(6.6, { a: 'ahead' }, { lands: 6.7 }),
      ],
      jobs: tiles(job(0, { at: 6.8 }), job(3, { at: 9 })),
    }),
  },
  'a batch lands between the reading of its row and a look that comes after it': {
    withoutBoth: ['label before content', 'early-content hold'],
    history: history({
      writes: [batch(1.2, { a: 'first' }), batch(3.5, { a: 'late' }, { lands: 8.5 })],
      jobs: tiles(job(3, { at: 8, faults: [{ at: 'read-entries 1', kind: 'slow', there: second, back: 1_000 }] })),
    }),
  },
  'the row of a torn batch is visible before its entry': {
    without: ['late-content hold'],
    history: history({
      records: 2,
      writes: [
        index(1.3, { a: 'first' }),
        batch(7.1, { a: 'torn' }, { lands: 7.3, entryLands: 8.2 }),
        ...keptUnlike(1.6),
      ],
      jobs: tiles(),
    }),
  },
  'the row of a torn batch is visible before its entry, over a document that has no entry yet': {
    without: ['unlabelled'],
    history: history({
      writes: [index(1.8, { a: 'first' }), batch(5.2, { a: 'torn' }, { lands: 5.3, entryLands: 6.6 })],
      jobs: tiles(job(0, { at: 5.5 })),
    }),
  },
  'the entry of a torn batch is visible before its row': {
    without: ['early-content hold'],
    history: history({
      writes: [index(3.5, { a: 'first' }), batch(4.4, { a: 'torn' }, { entryLands: 10.6, lands: 11.5 })],
      jobs: tiles(),
    }),
  },
  'two syncs read the same row and write different documents over it': {
    without: ['ordered bump'],
    history: history({
      logical: true,
      writes: [
        batch(1, { a: 'row', b: 'row' }),
        index(1.5, { a: 'one', c: 'one' }),
        index(1.7, { a: 'two', b: 'two' }),
        index(30.2, { a: 'zero', b: 'three' }),
      ],
      // The first reads the document of version 2 and is held up on its way to the row; the second reads version 3.
      jobs: [
        logicalJob(30, { faults: [{ at: 'write-rows 1', kind: 'slow', there: 2 * second, back: 1_000 }] }),
        logicalJob(30.4, { faults: [{ at: 'write-rows 1', kind: 'slow', there: 2 * second, back: 1_000 }] }),
      ],
    }),
  },
  'clients write their versions as write times, and two sides write at one version': {
    without: ['a microsecond above clients', 'ties'],
    history: history({
      writeTimes: true,
      writes: [batch(4.1, { a: 'row', b: 'row' }), index(4.4, { a: 'document' })],
      jobs: tiles(),
    }),
  },
  'clients write their versions as write times, and a row is visible before its entry': {
    without: ['cells tell the version'],
    history: history({
      logical: true,
      writeTimes: true,
      writes: [index(1.7, { a: 'first' }), { ...batch(12, { a: 'torn' }, { entryLands: 13.5 }), reads: true }],
      jobs: [logicalJob(8.4), logicalJob(12.5), logicalJob(17)],
    }),
  },
  'a client writes nulls at the version of a document': {
    without: ['hidden null'],
    history: history({ writes: [batch(4.1, {}), index(4.4, { a: 'document' })], jobs: tiles() }),
  },
  'a sync sleeps past its reading while a newer document removes a field': {
    without: ['freshness'],
    history: history({
      records: 2,
      writes: [index(1.3, { a: 'old' }), batch(1.4, { a: 'other' }, { record: 1 }), index(7.4, { c: 'new' })],
      jobs: tiles(job(0, { faults: [{ at: 'bulk 1', kind: 'pause', span: 51 * second }] })),
    }),
  },
  'a row lands whose entry never did': {
    without: ['entry before row'],
    history: history({
      writes: [index(3.9, { a: 'document' })],
      jobs: tiles(job(3, { faults: [{ at: 'write-entries 1', kind: 'timeout', lands: undefined }] })),
    }),
  },
  'document and row of one version differ': {
    without: ['ties'],
    history: history({ writes: [index(4.2, { a: 'document' }), batch(4.4, { a: 'row' })], jobs: tiles() }),
  },
  'a document lacks a field that the row has': {
    without: ['replace, do not merge'],
    history: history({ writes: [batch(3.2, { a: 'row', b: 'row' }), index(4.4, { a: 'document' })], jobs: tiles() }),
  },
  'a write lands eight seconds late': {
    without: ['long overlap'],
    history: history({
      writes: [index(1.2, { a: 'first' }), batch(3.5, { a: 'late' }, { lands: 11.5 })],
      jobs: tiles(),
    }),
  },
  'a row of nulls is replaced while an older write is still to land': {
    without: ['late writes under nulls'],
    history: history({
      records: 2,
      writes: [
        index(4.2, { a: 'document' }),
        batch(4.9, {}, { lands: 10.2 }),
        batch(5.2, { a: 'late' }, { lands: 12.4 }),
        ...keptUnlike(4.6),
      ],
      jobs: tiles(job(6, { at: 12.1 })),
    }),
  },
  'a row of nulls with a logical version is replaced while an older write is still to land': {
    without: ['late writes under nulls'],
    history: history({
      logical: true,
      writes: [index(4.2, { a: 'document' }), batch(4.9, {}), batch(5.2, { a: 'late' }, { lands: 12.4 })],
      jobs: [logicalJob(12), logicalJob(16), logicalJob(25)],
    }),
  },
  'the entry of a torn batch with a logical version is visible before its row': {
    without: ['stillness'],
    history: history({
      logical: true,
      writes: [batch(1, { a: 'first' }), batch(4, { a: 'torn' }, { entryLands: 5, lands: 6.4 })],
      jobs: [logicalJob(5.5), logicalJob(9), logicalJob(20)],
    }),
  },
  'the row of a late, torn batch with a logical version is visible before its entry': {
    without: ['stillness'],
    history: history({
      logical: true,
      writes: [
        batch(1, { a: 'first' }),
        index(1.5, { a: 'document' }),
        batch(4, { a: 'torn' }, { lands: 9, entryLands: 10.4 }),
      ],
      jobs: [logicalJob(9.1), logicalJob(14), logicalJob(25)],
    }),
  },
  'a process stands still between its look and its rows, so that two readings of the row come close together': {
    without: ['late-content hold'],
    history: history({
      writes: [
        batch(1.2, { a: 'first' }),
        index(2.5, { a: 'document' }),
        batch(20.9, { a: 'torn' }, { lands: 27.2, entryLands: 28.6 }),
      ],
      jobs: tiles(job(0, { at: 25, faults: [{ at: 'page 1', kind: 'slow', there: 2.2 * second, back: 1_000 }] })).map(
        (each) => (each.at === 25 * second ? each : { ...each, at: Math.max(each.at, 32 * second) }),
      ),
    }),
  },
  'versions are milliseconds, and both sides write within one second': {
    history: history({
      unit: 'ms',
      writes: [batch(4.1, { a: 'row', b: 'row' }), index(4.101, { a: 'document' }), batch(4.102, { a: 'last' })],
      jobs: inMilliseconds(tiles()),
    }),
  },
  'versions are milliseconds, and a torn batch shows its row before its entry': {
    without: ['late-content hold'],
    history: history({
      unit: 'ms',
      records: 2,
      writes: [
        index(1.3, { a: 'first' }),
        batch(7.1, { a: 'torn' }, { lands: 7.3, entryLands: 8.2 }),
        ...keptUnlike(1.6),
      ],
      jobs: inMilliseconds(tiles()),
    }),
  },
  'a document that fits no column is replaced by a row, and others beside it are synced': {
    history: history({
      records: 2,
      writes: [
        batch(1.2, { a: 'first' }),
        { ...index(2.4, { a: 'misfit' }), breach: 'misfit' },
        batch(9.2, { a: 'mended' }),
        index(2.6, { a: 'beside' }, { record: 1 }),
      ],
      jobs: tiles(),
    }),
  },
  'a document whose timestamp is not its version, and an entry of a far future, are mended by newer writes': {
    history: history({
      records: 2,
      writes: [
        { ...index(2.4, { a: 'stamp' }), breach: 'stamp' },
        { ...batch(2.6, { a: 'future' }, { record: 1 }), breach: 'future' },
        index(6.4, { a: 'mended' }),
        index(6.6, { a: 'newer' }, { record: 1 }),
      ],
      jobs: tiles(),
    }),
  },
  'a row is copied over a document that has a field which is not mirrored': {
    history: history({
      notes: true,
      writes: [index(1.2, { a: 'first' }), batch(4.2, { b: 'second' }), index(7.2, { a: 'third' }), batch(10.2, {})],
      jobs: tiles(),
    }),
  },
  ...longHistories,
}
