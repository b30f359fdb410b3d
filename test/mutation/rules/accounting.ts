/** Mutants of records that are set aside, directions, bounds and counts. */
import { edit, type Mutants } from '../mutant.js'

export const accounting: Mutants = {
  'Records that are set aside': [
    {
      breaks: 'a record is counted with every fault it is met with',
      edits: [edit('sync/tally.ts', '    if (this.#rejectedIds.has(key)) return false\n', '')],
    },
    {
      breaks: 'a losing document that fits no column blocks the row',
      edits: [
        edit(
          'sync/sync-chunk.ts',
          'candidate?.mismatch !== undefined && wouldBeCopied(run, candidate, seen)',
          'candidate?.mismatch !== undefined && wouldBeCopied(run, candidate, { ...seen, label: undefined })',
        ),
      ],
    },
    {
      breaks: 'a document that fits no column is written as empty',
      edits: [
        edit('sync/sync-chunk.ts', 'if (candidate?.mismatch !== undefined &&', "if (candidate?.mismatch === '' &&"),
      ],
    },
    {
      breaks: 'a misfit is reported although nothing is copied to Cassandra',
      edits: [
        edit(
          'sync/sync-chunk.ts',
          "pair.rules.direction !== 'to-elasticsearch' &&\n",
          'pair.rules.unit !== undefined &&\n',
        ),
      ],
    },
    {
      breaks: 'a misfit of a later window is reported now',
      edits: [edit('sync/sync-chunk.ts', '  document.version < window.to &&\n', '  window.to > 0 &&\n')],
    },
    {
      breaks: 'faulty entries are not reported',
      edits: [edit('sync/sync-window.ts', 'for (const fault of look.faults) rejectRecord(run, fault)\n', '{}\n')],
    },
    {
      breaks: 'a document that broke the contract meanwhile is decided on',
      edits: [edit('sync/sync-chunk.ts', 'todo: ids.filter((id) => !rejected.has(id))', 'todo: ids')],
    },
    {
      breaks: 'the fault is laid on the side that refused',
      edits: [
        edit(
          'sync/apply.ts',
          "const side = target === 'cassandra' ? 'elasticsearch' : 'cassandra'",
          'const side = target',
        ),
      ],
    },
    {
      breaks: 'a reject ends the chunk',
      edits: [
        edit(
          'sync/sync-chunk.ts',
          "reason: 'TYPE_MISMATCH', detail, version })\n      continue",
          "reason: 'TYPE_MISMATCH', detail, version })\n      break",
        ),
      ],
    },
    {
      breaks: 'all particulars are kept',
      edits: [edit('sync/tally.ts', 'if (this.#rejects.size < maxRejectsKept)', 'if (maxRejectsKept > 0)')],
    },
    {
      breaks: 'a dry run counts what JSON cannot carry as a write',
      edits: [edit('sync/sync-chunk.ts', 'encodeDocuments(documents, { pair, tally }).length', 'documents.length')],
    },
  ],
  'One-way pairs': [
    {
      breaks: 'one-way pairs write to Cassandra all the same',
      edits: [
        edit(
          'core/decide.ts',
          "return rules.direction === 'to-elasticsearch' ? { kind: 'ignored' } : towards",
          "return rules.direction === undefined ? { kind: 'ignored' } : towards",
        ),
      ],
    },
    {
      breaks: 'one-way pairs write to Elasticsearch all the same',
      edits: [
        edit(
          'core/decide.ts',
          "return rules.direction === 'to-cassandra' ? { kind: 'ignored' } : towards",
          "return rules.direction === undefined ? { kind: 'ignored' } : towards",
        ),
      ],
    },
  ],
  'Bounded work': [
    {
      breaks: 'chunks are as large as their page',
      edits: [edit('sync/sync-window.ts', 'const chunkSize = 2_000', 'const chunkSize = 20_000')],
    },
    {
      breaks: 'four chunks are under way',
      edits: [edit('sync/sync-window.ts', 'const chunksUnderWay = 2', 'const chunksUnderWay = 4')],
    },
    {
      breaks: 'one chunk is under way',
      edits: [edit('sync/sync-window.ts', 'const chunksUnderWay = 2', 'const chunksUnderWay = 1')],
    },
    {
      breaks: 'ids with a document are read again for their entry',
      edits: [edit('sync/sync-window.ts', 'given[position] = 1', 'given[position] = 0')],
    },
    {
      breaks: 'chunks are tiny',
      edits: [edit('sync/sync-window.ts', 'const chunkSize = 2_000', 'const chunkSize = 100')],
    },
    { breaks: 'rounds never end', edits: [edit('sync/sync-chunk.ts', 'const maxRounds = 6', 'const maxRounds = 60')] },
  ],
  'Counts and the dry run': [
    {
      breaks: 'superseded writes are not counted',
      edits: [edit('sync/apply.ts', 'sending.tally.report.superseded += 1', 'sending.tally.report.superseded += 0')],
    },
    {
      breaks: 'a dry run writes',
      edits: [
        edit(
          'sync/sync-chunk.ts',
          'run.dryRun ? countOnly(run, verdicts) : await send',
          'run.dryRun === undefined ? countOnly(run, verdicts) : await send',
        ),
      ],
    },
    {
      breaks: 'unlabelled rows are not logged',
      edits: [
        edit(
          'sync/sync-chunk.ts',
          "        pair.logger.warn({ pair: pair.name, id }, 'row is newer than the document but has no entry; left to verify')\n",
          '',
        ),
      ],
    },
    {
      breaks: 'read entries of later windows are counted',
      edits: [
        edit(
          'sync/sync-window.ts',
          'if (!isIn(ranges, labels.valueAt(at))) continue',
          'if (labels.valueAt(at) < ranges[0]!.from) continue',
        ),
      ],
    },
    {
      breaks: 'the duration is that of the wall clock',
      edits: [
        edit('sync/sync-window.ts', 'const started = pair.clock.monotonic()', 'const started = pair.clock.now()'),
        edit('sync/sync-window.ts', '(pair.clock.monotonic() - started)', '(pair.clock.now() - started)'),
      ],
    },
  ],
}
