/** Mutants of which state wins, and what is written of it (rules 5 to 9 of SPEC.md). */
import { edit, type Mutants } from '../mutant.js'

export const winning: Mutants = {
  '5 · ties': [
    {
      breaks: "a tie goes to Cassandra's row",
      edits: [
        edit(
          'core/decide.ts',
          '(label !== undefined && label > document.version)',
          '(label !== undefined && label >= document.version)',
        ),
      ],
    },
    { breaks: 'ties are not counted', edits: [edit('sync/apply.ts', '    tally.report.ties += 1\n', '')] },
    {
      breaks: 'our own entry makes a tie',
      edits: [edit('sync/apply.ts', 'if (!tie || labelled.has(id)) return', 'if (!tie) return')],
    },
    {
      breaks: 'ties are not logged',
      edits: [
        edit(
          'sync/apply.ts',
          "    pair.logger.info({ pair: pair.name, id, version }, 'tie: the document of Elasticsearch replaces the row')\n",
          '',
        ),
      ],
    },
  ],
  "6 · replace, don't merge": [
    {
      breaks: 'columns that the document lacks keep their values',
      edits: [
        edit('core/decide.ts', '.filter((name) => !document.fields.has(name))', ".filter((name) => name === '')"),
      ],
    },
    {
      breaks: 'every missing column gets a tombstone',
      edits: [
        edit(
          'core/decide.ts',
          "  if (rules.nulls === 'always' || !isClock(document.version, rules.unit)) return 'all'\n",
          "  if (document.version >= 0) return 'all'\n",
        ),
      ],
    },
    {
      breaks: '`nulls: always` is ignored',
      edits: [edit('core/decide.ts', "if (rules.nulls === 'always' || !isClock", 'if (!isClock')],
    },
    {
      breaks: 'logical versions write only the nulls that are needed',
      edits: [
        edit(
          'core/decide.ts',
          "if (rules.nulls === 'always' || !isClock(document.version, rules.unit)) return 'all'",
          "if (rules.nulls === 'always') return 'all'",
        ),
      ],
    },
    {
      breaks: 'the whole source is copied back, unmirrored fields included',
      edits: [
        edit(
          'sync/apply.ts',
          'requests.push({ id, version, source: encoded.source })',
          'requests.push({ id, version, source: { ...encoded.source, other: null } })',
        ),
      ],
    },
  ],
  '7 · absent is not deleted': [
    {
      breaks: 'a row that is not there yet is written as empty',
      edits: [
        edit(
          'core/decide.ts',
          "    return clock && age < rules.overlap ? { kind: 'held', because: 'row not visible yet' } : { kind: 'orphaned' }\n",
          "    return { kind: 'write-document', id: seen.id, version: label, fields: new Map() }\n",
        ),
      ],
    },
    {
      breaks: 'an entry without its row is orphaned at once',
      edits: [edit('core/decide.ts', 'return clock && age < rules.overlap ?', 'return clock && age < 0 ?')],
    },
  ],
  '8 · content newer than its label': [
    {
      breaks: 'content newer than its label is held as well',
      edits: [edit('core/decide.ts', 'row.writeTime < written)', 'row.writeTime !== written)')],
    },
  ],
  '9 · in sync means silent': [
    {
      breaks: 'equal content is written again',
      edits: [
        edit(
          'core/decide.ts',
          "  if (document !== undefined && inSync(rules, document, label, row)) return { kind: 'unchanged' }\n",
          '',
        ),
      ],
    },
    {
      breaks: 'equal content without an entry is written again',
      edits: [edit('core/decide.ts', '    label === undefined &&\n    isClock', '    label === -1 &&\n    isClock')],
    },
    {
      breaks: 'equal content is in sync whatever the versions',
      edits: [
        edit('core/decide.ts', '  if (label === document.version) return true\n', '  if (label !== -1) return true\n'),
      ],
    },
  ],
}
