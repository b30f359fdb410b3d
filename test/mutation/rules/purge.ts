/** Mutants of purging (rule 13 of SPEC.md). */
import { edit, type Mutants } from '../mutant.js'

export const purge: Mutants = {
  '13 · purging': [
    {
      breaks: 'a young version is removed',
      edits: [edit('core/purge.ts', '|| version >= before) return undefined', ') return undefined')],
    },
    {
      breaks: 'a version that is counted is removed',
      edits: [edit('core/purge.ts', 'if (!isClock(version, rules.unit) || version', 'if (version')],
    },
    {
      breaks: 'what is not deleted is removed',
      edits: [edit('core/purge.ts', 'if (fields.get(field) !== true)', 'if (fields.get(field) === undefined)')],
    },
    {
      breaks: 'different content is removed',
      edits: [edit('core/purge.ts', '  sameFields(document.fields, fields) &&\n', '')],
    },
    {
      breaks: 'a row that was written since is removed',
      edits: [edit('core/purge.ts', '  writeTime < micros(before, rules.unit) &&\n', '')],
    },
    {
      breaks: 'where cells carry versions, a newer one is removed',
      edits: [edit('core/purge.ts', 'versionAt(writeTime, rules.unit) <= document.version', 'writeTime > 0')],
    },
    {
      breaks: 'what an interrupted purge left stays',
      edits: [edit('core/purge.ts', 'if (row !== undefined && !isOfVersion', 'if (row === undefined || !isOfVersion')],
    },
    {
      breaks: 'a row is removed below its cells',
      edits: [
        edit('core/purge.ts', 'Math.max(ownTime(rules, version), row?.writeTime ?? 0)', 'ownTime(rules, version)'),
      ],
    },
    {
      breaks: 'a row is removed below what a window writes',
      edits: [
        edit(
          'core/purge.ts',
          'Math.max(ownTime(rules, version), row?.writeTime ?? 0)',
          'row?.writeTime ?? ownTime(rules, version)',
        ),
      ],
    },
    {
      breaks: 'where cells carry versions, a row is removed at the version itself',
      edits: [edit('core/purge.ts', "(rules.labels === 'write-times' ? 1 : 0)", '0')],
    },
    {
      breaks: 'documents are removed before rows',
      edits: [
        edit(
          'sync/purge.ts',
          '  await pair.rows.removeRows(removals, signal)\n  const gone = await pair.documents.remove(removals, signal)\n',
          '  const gone = await pair.documents.remove(removals, signal)\n  await pair.rows.removeRows(removals, signal)\n',
        ),
      ],
    },
    {
      breaks: 'a dry run removes',
      edits: [
        edit('sync/purge.ts', 'dryRun ? removals.length : await remove', 'dryRun === undefined ? 0 : await remove'),
      ],
    },
    {
      breaks: 'a document that was newer counts as purged',
      edits: [edit('sync/purge.ts', 'return gone.filter(Boolean).length', 'return gone.length')],
    },
    {
      breaks: 'records between two views are looked at twice',
      edits: [
        edit(
          'sync/purge.ts',
          'const own = isLast ? page.filter(({ stamp }) => stamp !== end) : page',
          'const own = page',
        ),
      ],
    },
    {
      breaks: 'one view is read to its end, however many documents it remembers',
      edits: [edit('sync/purge.ts', 'const isLast = seen >= perView && end > last', 'const isLast = seen < 0')],
    },
    { breaks: 'the view of a purge stays open', edits: [edit('sync/purge.ts', '    await view.close()\n', '')] },
    {
      breaks: 'any field says that a record is deleted',
      edits: [edit('sync/purge.ts', '  checkField(pair, rules)\n', '')],
    },
  ],
}
