/** Mutants of where the version of a row comes from (rule 2 of SPEC.md). */
import { edit, type Mutants } from '../mutant.js'

export const labels: Mutants = {
  'Versions as write times': [
    {
      breaks: 'a row has only the version of its entry',
      edits: [edit('core/label.ts', 'return newest(seen.label, writtenAt(rules, seen))', 'return seen.label')],
    },
    {
      breaks: 'cells alone tell the version, whatever the entry says',
      edits: [
        edit(
          'core/label.ts',
          'return newest(seen.label, writtenAt(rules, seen))',
          'return writtenAt(rules, seen) ?? seen.label',
        ),
      ],
    },
    {
      breaks: 'our writes share the microsecond of the clients',
      edits: [
        edit(
          'core/decide.ts',
          'return micros(document.version, rules.unit) + 1\n',
          'return micros(document.version, rules.unit)\n',
        ),
      ],
    },
    {
      breaks: 'whole rows are waited for',
      edits: [
        edit(
          'core/label.ts',
          "labels === 'write-times' && row?.writeTime !== undefined",
          "labels === 'entries' && row?.writeTime !== undefined",
        ),
      ],
    },
    {
      breaks: 'older cells prove the content',
      edits: [edit('core/label.ts', 'row.writeTime >= micros(version, unit)', 'row.writeTime >= 0')],
    },
    {
      breaks: 'writes to Cassandra count as bumped',
      edits: [edit('core/decide.ts', "bumped: rules.labels !== 'write-times' && writeTime", 'bumped: writeTime')],
    },
    {
      breaks: 'cells of a far future are taken for a version',
      edits: [
        edit(
          'sync/sync-chunk.ts',
          'if (writeTime <= clock.now() + rules.maxFuture) return undefined',
          'if (writeTime > 0) return undefined',
        ),
      ],
    },
  ],
  'Rows whose entries have expired': [
    {
      breaks: 'an entry that is there does not count',
      edits: [
        edit(
          'core/label.ts',
          'return seen.label ?? labelAfterExpiry(rules, seen)',
          'return labelAfterExpiry(rules, seen)',
        ),
      ],
    },
    {
      breaks: 'what is young is not left to the windows',
      edits: [edit('core/label.ts', "if (labelReadAt - writeTime < rules.overlap) return { kind: 'later' }\n", '')],
    },
    {
      breaks: 'cells just above the document win',
      edits: [edit('core/label.ts', 'writeTime >= after + rules.overlap', 'writeTime >= after')],
    },
    {
      breaks: 'cells that count nothing are taken for times',
      edits: [edit('core/label.ts', 'return isWallClock(writeTime) ? versionAt', 'return writeTime >= 0 ? versionAt')],
    },
    {
      breaks: 'cells are compared with versions that are counted',
      edits: [
        edit('core/label.ts', "  if (!isClock(document.version, rules.unit)) return { kind: 'unlabelled' }\n", ''),
      ],
    },
    {
      breaks: 'without an entry, equal content is written again',
      edits: [
        edit(
          'core/label.ts',
          'if (expired && holdsSame(seen)) return seen.document?.version',
          'if (expired && seen.row === undefined) return undefined',
        ),
      ],
    },
    {
      breaks: 'an older entry makes equal content differ',
      edits: [
        edit(
          'core/label.ts',
          'seen.label === undefined || seen.label < (seen.document?.version ?? -1)',
          'seen.label === undefined',
        ),
      ],
    },
    {
      breaks: 'a document that fits no column is set aside although the cells of its row are newer',
      edits: [edit('sync/sync-chunk.ts', 'const label = labelOf(pair.rules, seen)', 'const { label } = seen')],
    },
  ],
  'Looks of long ago': [
    {
      breaks: 'a late look ends one overlap behind its window',
      edits: [edit('core/look-end.ts', 'to + 2 * overlapUnits(rules)', 'to + overlapUnits(rules)')],
    },
    {
      breaks: 'a late look ends a version later than it could',
      edits: [
        edit(
          'core/look-end.ts',
          'micros(end, rules.unit) < now ? end : undefined',
          'micros(end, rules.unit) < now ? end + 1 : undefined',
        ),
      ],
    },
    {
      breaks: 'the look of a window of our time ends',
      edits: [edit('core/look-end.ts', 'micros(end, rules.unit) < now ? end', 'now > 0 ? end')],
    },
    {
      breaks: 'the look over versions that are counted ends',
      edits: [edit('core/look-end.ts', 'isClock(to, rules.unit) && micros', 'micros')],
    },
    {
      breaks: 'late looks have no end',
      edits: [
        edit(
          'sync/sync-window.ts',
          'tilesTime || audit ? lookEnd(pair.rules, own, now) : undefined',
          'tilesTime || audit ? undefined : undefined',
        ),
      ],
    },
    {
      breaks: 'a range that is asked for is looked at no further than a window',
      edits: [edit('sync/sync-window.ts', 'tilesTime || audit ? lookEnd', 'own.to > 0 ? lookEnd')],
    },
    {
      breaks: 'a row that was written beyond the look is decided now',
      edits: [edit('core/decide.ts', "  if (isBeyondLook(rules, read)) return { kind: 'later', unseen: true }\n", '')],
    },
    {
      breaks: 'a row counts as beyond the look only from its end on',
      edits: [edit('core/look-end.ts', 'micros(lookedUpTo, unit) - overlap', 'micros(lookedUpTo, unit)')],
    },
  ],
  'Single records, tried again': [
    {
      breaks: 'the version that a row had when it was set aside is forgotten',
      edits: [
        edit(
          'sync/sync-records.ts',
          '(seen.label ?? rememberedLabel(rules, known.get(seen.id) ?? [], seen))',
          'seen.label',
        ),
      ],
    },
    {
      breaks: 'it counts although the row was written since',
      edits: [
        edit(
          'sync/sync-records.ts',
          'if (row.writeTime === undefined || row.writeTime < limit) return label',
          'if (row.writeTime === undefined || limit > 0) return label',
        ),
      ],
    },
    {
      breaks: 'a row that was written since, beside a counted version, is overwritten',
      edits: [edit('sync/sync-records.ts', "rules.unit) ? undefined : 'unknown'", 'rules.unit) ? undefined : label')],
    },
    {
      breaks: 'the look does not go back to the record',
      edits: [edit('sync/sync-records.ts', '{ from: oldest(records, candidates, to), to }', '{ from: to - 1, to }')],
    },
    {
      breaks: 'the entries of all other records are kept as well',
      edits: [edit('sync/look.ts', '(id) => wanted.has(id)', '(id) => id !== undefined')],
    },
    {
      breaks: 'an entry that cannot be used holds its record up',
      edits: [
        edit(
          'sync/sync-records.ts',
          "side === 'cassandra' && entryFaults.has(reason)",
          "side === 'cassandra' && reason === undefined",
        ),
      ],
    },
  ],
}
