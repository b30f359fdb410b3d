/** Mutants of what is read, how far, and how old it may get (rules 1 to 3 of SPEC.md). */
import { edit, type Mutants } from '../mutant.js'

export const reading: Mutants = {
  '1 · the version of a document and of an entry': [
    {
      breaks: '`stamp !== version` is not checked',
      edits: [edit('sync/candidate.ts', 'if (stamp !== version) {', 'if (stamp === -1) {')],
    },
    {
      breaks: 'document versions are not checked',
      edits: [edit('sync/candidate.ts', 'if (fault !== undefined) return reject', 'if (fault === null) return reject')],
    },
    {
      breaks: 'entry versions are not checked',
      edits: [edit('sync/look.ts', 'if (fault === undefined) labels.raise', 'if (fault !== null) labels.raise')],
    },
    {
      breaks: 'versions beyond the column are let through',
      edits: [edit('sync/candidate.ts', 'if (version > rows.maxVersion)', 'if (version > Infinity)')],
    },
    {
      breaks: 'any `_id` is taken for a UUID',
      edits: [edit('sync/candidate.ts', 'if (!canonicalUuid.test(id))', "if (id === '')")],
    },
    {
      breaks: 'a contradicting document lets its row through',
      edits: [
        edit(
          'sync/sync-window.ts',
          '    for (const reject of rejected.values()) rejectRecord(run, reject)\n',
          '    for (const reject of rejected.values()) {\n      given[labels.positionOf(reject.id) ?? -1] = 0\n      rejectRecord(run, reject)\n    }\n',
        ),
      ],
    },
  ],
  '2 · what is read, in which order, how far': [
    {
      breaks: 'the entries are looked at before the view is opened',
      edits: [
        edit(
          'sync/sync-window.ts',
          '  const view = await pair.documents.openView(allOf(lookBack), signal)\n',
          '  const looked = await looks.first()\n  looks.first = async () => looked\n  const view = await pair.documents.openView(allOf(lookBack), signal)\n',
        ),
      ],
    },
    {
      breaks: 'reading again looks at the entries before the documents',
      edits: [
        edit(
          'sync/sync-chunk.ts',
          '  const stored = await pair.documents.getMany(ids, signal)\n',
          '  const look = known ?? (await run.looks.again(ids))\n  const stored = await pair.documents.getMany(ids, signal)\n',
        ),
        edit('sync/sync-chunk.ts', 'stored.values(), freshness, known)', 'stored.values(), freshness, look)'),
      ],
    },
    {
      breaks: 'the look ends at now',
      edits: [
        edit(
          'sync/look.ts',
          'if (fault === undefined) labels.raise(id, version)',
          'if (fault === undefined) labels.raise(id, version * 1e6 <= startedAt ? version : -1)',
        ),
      ],
    },
    {
      breaks: 'the range has no overlap',
      edits: [edit('core/look-back.ts', 'uncovered(withOverlap(window, overlap), [window])', '[]')],
    },
    {
      breaks: 'a range that is asked for is read with gaps',
      edits: [edit('sync/look-first.ts', 'slices ? lookBack', 'window.to > 0 || slices ? lookBack')],
    },
    {
      breaks: 'a window that tiles time reads all of its overlap',
      edits: [edit('sync/look-first.ts', 'slices ? lookBack', 'window.to < 0 && slices ? lookBack')],
    },
    {
      breaks: 'an audit reads with gaps',
      edits: [edit('sync/sync-window.ts', 'slices: tilesTime && !audit,', 'slices: tilesTime || audit,')],
    },
    {
      breaks: 'a window of a gap looks between itself and its last reading',
      edits: [edit('sync/sync-window.ts', '!overlapHasPassed(', 'overlap > 0 || !overlapHasPassed(')],
    },
    {
      breaks: 'a window of our time does not look between itself and its last reading',
      edits: [edit('core/look-back.ts', 'micros(to, unit) + overlap <= now', 'micros(to, unit) <= now + overlap')],
    },
    {
      breaks: 'a window of versions that are no times looks at nothing in between',
      edits: [edit('core/look-back.ts', 'isClock(to, unit) && micros', 'micros')],
    },
    {
      breaks: 'the entries are read when the documents have been counted',
      edits: [
        edit(
          'sync/look-first.ts',
          '  const look = settled(looking.run.looks',
          '  const look = () => settled(looking.run.looks',
        ),
        edit('sync/look-first.ts', '    await look\n', ''),
        edit(
          'sync/look-first.ts',
          'coming: Promise<PromiseSettledResult<Look | undefined>>,',
          'coming: () => Promise<PromiseSettledResult<Look | undefined>>,',
        ),
        edit('sync/look-first.ts', 'valueOf(await coming)', 'valueOf(await coming())'),
      ],
    },
    {
      breaks: 'the entries of a window that is divided are read to their end',
      edits: [edit('sync/look-first.ts', '(ids) => isWanted && ids', '(ids) => ids')],
    },
    {
      breaks: 'the view stays open until all is written',
      edits: [edit('sync/sync-window.ts', '  void opened.view.close()\n', '')],
    },
    {
      breaks: 'nothing is read a whole overlap later',
      edits: [edit('core/look-back.ts', 'uncovered(movedBack(overlap), [window])', '[]')],
    },
    {
      breaks: 'what is read a whole overlap later is so only where the sides are unlike',
      edits: [
        edit('core/look-back.ts', 'uncovered(movedBack(overlap), [window])', '[]'),
        edit(
          'core/look-back.ts',
          'const ifUnlike: Window[] = []',
          'const ifUnlike = uncovered(movedBack(overlap), [window])',
        ),
      ],
    },
    {
      breaks: 'a version is read again only a whole overlap later',
      edits: [edit('core/look-back.ts', 'let span = overlap;', 'let span = 0;')],
    },
    {
      breaks: 'what lies in between is read although the sides are alike',
      edits: [edit('core/version-sum.ts', '!isAlike(each, rows[at]!)', 'at >= 0')],
    },
    {
      breaks: 'what lies in between is not read although the sides are unlike',
      edits: [edit('core/version-sum.ts', '!isAlike(each, rows[at]!)', 'at < 0')],
    },
    {
      breaks: 'as many versions are taken for the same ones',
      edits: [
        edit(
          'core/version-sum.ts',
          'one.count === other.count && Math.abs(one.sum - other.sum) <= relativeError * other.sum',
          'one.count === other.count',
        ),
      ],
    },
    {
      breaks: 'sums are compared but not counts',
      edits: [edit('core/version-sum.ts', 'one.count === other.count && ', '')],
    },
    {
      breaks: 'sums that were rounded are taken for unlike',
      edits: [edit('core/version-sum.ts', ' <= relativeError * other.sum', ' === 0')],
    },
    {
      breaks: 'versions are added up as they are, and rounded',
      edits: [
        edit('core/version-sum.ts', 'version - sum.from', 'version'),
        edit('core/version-sum.ts', 'count * from + distance', 'distance'),
      ],
    },
    {
      breaks: 'the oldest entry is the label',
      edits: [edit('core/uuid-map.ts', 'if (value > values[offset]!)', 'if (value < values[offset]!)')],
    },
    {
      breaks: 'an id that belongs to a later window is decided now',
      edits: [
        edit(
          'core/decide.ts',
          "  if (Math.max(document?.version ?? -1, label ?? -1) >= window.to) return { kind: 'later' }\n",
          '',
        ),
        edit('sync/sync-chunk.ts', 'label === undefined || label < window.to', 'label === undefined || label >= 0'),
      ],
    },
    {
      breaks: 'a row written after the version, without an entry, is overwritten',
      edits: [
        edit(
          'core/decide.ts',
          "  if (seen.label === undefined) return { kind: 'unlabelled' }\n",
          '  if (seen.label === undefined) return there + 1\n',
        ),
      ],
    },
    {
      breaks: 'the rows are read before the entries',
      edits: [
        edit(
          'sync/sync-window.ts',
          '    const chunks = chunksOf(opened, looked)\n',
          '    const before = [...look.labels].map(([id]) => id)\n    await pair.rows.getMany(before, run.signal)\n    const chunks = chunksOf(opened, { ...looked, look: await run.looks.first() })\n',
        ),
      ],
    },
  ],
  '3 · torn content, and freshness': [
    {
      breaks: 'content older than its entry is believed at once',
      edits: [
        edit('core/decide.ts', 'if (contentMayBeOlder && age < hold(rules))', 'if (contentMayBeOlder && age < 0)'),
      ],
    },
    {
      breaks: 'only the wall clock is asked',
      edits: [
        edit(
          'sync/freshness.ts',
          'Math.max(this.#clock.monotonic() - this.#monotonic, Math.abs(this.#clock.now() - this.#wall))',
          'Math.abs(this.#clock.now() - this.#wall)',
        ),
      ],
    },
    {
      breaks: 'only the monotonic clock is asked',
      edits: [
        edit(
          'sync/freshness.ts',
          'Math.max(this.#clock.monotonic() - this.#monotonic, Math.abs(this.#clock.now() - this.#wall))',
          'this.#clock.monotonic() - this.#monotonic',
        ),
      ],
    },
    {
      breaks: 'a wall clock that was set back is not noticed',
      edits: [edit('sync/freshness.ts', 'Math.abs(this.#clock.now() - this.#wall)', 'this.#clock.now() - this.#wall')],
    },
    {
      breaks: 'writes are sent however old the reading is',
      edits: [edit('sync/sync-chunk.ts', 'maySend: reading.freshness.maySend }', 'maySend: () => true }')],
    },
    {
      breaks: 'the age counts from after opening the view',
      edits: [
        edit(
          'sync/sync-window.ts',
          '  const freshness = new Freshness(pair.clock, pair.rules)\n  const view = await pair.documents.openView(allOf(lookBack), signal)\n',
          '  const view = await pair.documents.openView(allOf(lookBack), signal)\n  const freshness = new Freshness(pair.clock, pair.rules)\n',
        ),
      ],
    },
    {
      breaks: 'reading again, the age counts from after the documents',
      edits: [
        edit('sync/sync-chunk.ts', '  const freshness = new Freshness(pair.clock, pair.rules)\n', ''),
        edit(
          'sync/sync-chunk.ts',
          '  return readingOf(run, ids, stored.values(), freshness, known)\n',
          '  const freshness = new Freshness(pair.clock, pair.rules)\n  return readingOf(run, ids, stored.values(), freshness, known)\n',
        ),
      ],
    },
    {
      breaks: 'reading again, the age counts from after the entries',
      edits: [
        edit('sync/sync-chunk.ts', '  const freshness = new Freshness(pair.clock, pair.rules)\n', ''),
        edit(
          'sync/sync-chunk.ts',
          '  return readingOf(run, ids, stored.values(), freshness, known)\n',
          '  const look = known ?? (await run.looks.again(ids))\n  const freshness = new Freshness(pair.clock, pair.rules)\n  return readingOf(run, ids, stored.values(), freshness, look)\n',
        ),
      ],
    },
    {
      breaks: 'an old first reading is used for a chunk that starts late',
      edits: [edit('sync/sync-chunk.ts', 'first?.freshness.isYoung() === true ? first : undefined', 'first')],
    },
    { breaks: 'what was not sent is forgotten', edits: [edit('sync/apply.ts', '        ids.push(write.id)\n', '')] },
    {
      breaks: 'what could not be sent in time is left without an error',
      edits: [edit('sync/sync-chunk.ts', 'if (restless.length > 0) throw tooSlow(run, restless.length)', '')],
    },
    {
      breaks: 'the reading is not renewed between rounds',
      edits: [edit('sync/sync-chunk.ts', '    reading = undefined\n', '    reading = first\n')],
    },
  ],
}
