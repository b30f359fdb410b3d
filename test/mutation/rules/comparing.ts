/** Mutants of comparing everything. */
import { edit, type Mutants } from '../mutant.js'

export const comparing: Mutants = {
  'What is told as a difference': [
    {
      breaks: 'a difference is told when it was seen once',
      edits: [
        edit(
          'sync/confirm.ts',
          'if (earlier !== undefined && isSameDifference(earlier, verdict.difference))',
          'if (earlier === undefined || isSameDifference(earlier, verdict.difference))',
        ),
      ],
    },
    {
      breaks: 'a difference that moves is told',
      edits: [edit('sync/confirm.ts', 'isSameDifference(earlier, verdict.difference)', 'earlier.id !== undefined')],
    },
    {
      breaks: 'what windows have yet to carry is told',
      edits: [edit('sync/examine.ts', 'pair.clock.now() - grace', 'pair.clock.now()')],
    },
    {
      breaks: 'what is young at first is never told',
      edits: [edit('sync/confirm.ts', '    todo = [...open, ...seen.keys()]\n', '    todo = [...seen.keys()]\n')],
    },
    {
      breaks: 'what was repaired is not looked at again',
      edits: [
        edit(
          'sync/confirm.ts',
          'return [...after.different.map(({ id }) => id), ...after.rejected.map(({ reject }) => reject.id)]',
          'return after.rejected.map(({ reject }) => reject.id)',
        ),
      ],
    },
    {
      breaks: 'a record that was set aside is told with every look',
      edits: [edit('sync/look-closely.ts', '      if (rejected.has(each.id)) return\n', '')],
    },
  ],
  'What digests find': [
    {
      breaks: 'a document behind an entry goes unnoticed where both sides hold the same',
      edits: [
        edit('sync/fold-documents.ts', 'label !== undefined && label > version', 'label === version && label < 0'),
      ],
    },
    {
      breaks: 'with write times versions are not compared',
      edits: [
        edit('sync/fold-rows.ts', "=> labels === 'write-times'", "=> labels === 'write-times' && labels.length === 0"),
      ],
    },
    {
      breaks: 'a document that fits no column counts as empty',
      edits: [
        edit(
          'sync/fold-documents.ts',
          'mismatch === undefined ? recordDigest(version, document.fields, columns) : likeNoRow',
          'mismatch === null ? likeNoRow : recordDigest(version, document.fields, columns)',
        ),
      ],
    },
    {
      breaks: 'write times that digests need are not read',
      edits: [edit('sync/fold-rows.ts', '{ writeTimes: countsVersions(rules) }', '{ writeTimes: false }')],
    },
    {
      breaks: 'documents are read on although rows cannot be',
      edits: [
        edit('core/concurrency.ts', '      halt.abort(error)\n', '      if (either.aborted) halt.abort(error)\n'),
      ],
    },
    {
      breaks: 'of rows that were folded elsewhere only the number is taken',
      edits: [
        edit(
          'core/sketch.ts',
          'else this.#cells[at]! ^= other[at]!',
          'else if (other[at] === 0.5) this.#cells[at]! ^= other[at]!',
        ),
      ],
    },
    {
      breaks: 'what digests cannot tell is not looked for',
      edits: [edit('sync/compare.ts', 'if (!complete || suspects.size', 'if (suspects.size')],
    },
    {
      breaks: 'a sketch takes what it could read for everything',
      edits: [edit('core/sketch.ts', 'complete: this.#cells.every((word) => word === 0)', 'complete: true')],
    },
    {
      breaks: 'a cell is taken for a single element by its count alone',
      edits: [edit('core/sketch.ts', '    if (element[checkAt] !== checkOf(element)) return false\n', '')],
    },
    {
      breaks: 'fields of other columns are compared place by place',
      edits: [edit('core/fields.ts', 'a.layout === b.layout', 'a.values.length === b.values.length')],
    },
    {
      breaks: 'a value that is missing on one side only makes no difference',
      edits: [
        edit(
          'core/record.ts',
          'if (!sameValue(ours[place], theirs[place])) return false',
          'if (ours[place] !== undefined && !sameValue(ours[place], theirs[place])) return false',
        ),
      ],
    },
    {
      breaks: 'an absent value and an empty text have one digest',
      edits: [
        edit(
          'core/record-digest.ts',
          "if (typeof value === 'string') {",
          "if (value === '') {\n    hash.add(kinds.absent)\n  } else if (typeof value === 'string') {",
        ),
      ],
    },
    {
      breaks: 'texts are digested without their length',
      edits: [edit('core/record-digest.ts', '    this.add(text.length)\n', '')],
    },
  ],
  'Entries of a run': [
    {
      breaks: 'a later look begins where the last one began',
      edits: [edit('sync/run-labels.ts', 'versionAt(now, unit) - overlapUnits(rules)', 'versionAt(now, unit)')],
    },
    {
      breaks: 'entries of counters are read once',
      edits: [
        edit(
          'sync/run-labels.ts',
          'if (since < firstClock(unit) && from >= firstClock(unit))',
          'if (since > firstClock(unit) && from >= firstClock(unit))',
        ),
      ],
    },
    {
      breaks: 'every look reads all entries',
      edits: [edit('sync/run-labels.ts', '    from = Math.max(from, mayComeFrom(startedAt))\n', '')],
    },
    {
      breaks: 'an entry that cannot be true labels a record',
      edits: [
        edit(
          'sync/run-labels.ts',
          'if (versionFault(version, unit, startedAt, rules.maxFuture) === undefined) index.add(id, version)',
          "if (versionFault(version, unit, startedAt, rules.maxFuture) !== 'NEGATIVE') index.add(id, version)",
        ),
      ],
    },
    {
      breaks: 'of too many entries the newest are dropped',
      edits: [edit('core/label-index.ts', 'if (all.valueAt(at) >= this.#floor)', 'if (all.valueAt(at) < this.#floor)')],
    },
  ],
}
