/** Mutants of audits. */
import { edit, type Mutants } from '../mutant.js'

export const auditing: Mutants = {
  'Audits of late writes': [
    {
      breaks: 'an audit does not decide what its look cannot tell',
      edits: [edit('sync/sync-window.ts', '  if (unseen !== undefined) await syncUnseen(run, from, unseen)\n', '')],
    },
    {
      breaks: 'an audit decides what was written just now',
      edits: [edit('sync/sync-window.ts', 'if (writeTime < until) unseen', 'if (writeTime >= 0) unseen')],
    },
    {
      breaks: 'an audit reads all entries for whatever was written again',
      edits: [edit('sync/sync-unseen.ts', '?? -1) < window.to))', '?? -1) < Infinity))')],
    },
    {
      breaks: 'an audit decides without the entries beyond its look',
      edits: [
        edit(
          'sync/sync-unseen.ts',
          'new Looks(run.pair, { from }, run.signal',
          'new Looks(run.pair, { from, before: run.window.to }, run.signal',
        ),
      ],
    },
    {
      breaks: 'an audit goes beyond the watermark',
      edits: [edit('core/audit.ts', 'Math.min(due - overlap, watermark)', 'due - overlap')],
    },
    {
      breaks: 'the windows of audits depend on who plans them',
      edits: [edit('core/audit.ts', 'Math.floor((due - span) / interval) * interval', 'due - span + 1')],
    },
  ],
}
