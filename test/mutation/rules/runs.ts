import { edit, type Mutants } from '../mutant.js'

export const runs: Mutants = {
  'Runs that workers share': [
    {
      breaks: 'a part that is in the queue is handed out again',
      edits: [edit('sync/plan-parts.ts', '.filter((number) => !underWay.has(number))', '')],
    },
    {
      breaks: 'a part that is done is handed out again',
      edits: [edit('sync/plan-parts.ts', 'all.filter((number) => !finished.has(number))', 'all')],
    },
    {
      breaks: 'workers take the run of a process',
      edits: [edit('sync/plan-parts.ts', ' && plan.local !== true', '')],
    },
    {
      breaks: 'a run ends before all of its parts are done',
      edits: [edit('sync/plan-parts.ts', 'progress.done === progress.of', 'progress.done > 0')],
    },
    {
      breaks: 'two runs of one purpose are worked on at a time',
      edits: [edit('sync/plan-parts.ts', '.filter(isForWorkers).filter(isFirst)', '.filter(isForWorkers)')],
    },
    {
      breaks: 'a worker that has lost a part notes it as done',
      edits: [edit('daemon/run-steps.ts', '    signal.throwIfAborted()\n', '')],
    },
    {
      breaks: 'a part counts as done before what it set aside is listed',
      edits: [edit('daemon/run-steps.ts', '    await listRejects(', '    if (signal.aborted) await listRejects(')],
    },
    {
      breaks: 'parts do not step back for windows',
      edits: [edit('daemon/run-steps.ts', 'waited < restMs && isBusy()', 'waited < 0 && isBusy()')],
    },
    {
      breaks: 'parts step back for windows for ever',
      edits: [edit('daemon/run-steps.ts', 'waited < restMs && isBusy()', 'waited < 100 * restMs && isBusy()')],
    },
    {
      breaks: 'the rate of a run is not kept',
      edits: [edit('daemon/run-steps.ts', 'if (rate !== undefined) await', 'if (rate === -1) await')],
    },
    {
      breaks: 'a run that has ended is worked on',
      edits: [edit('daemon/run-steps.ts', 'run.finishedAt !== undefined', 'run.finishedAt === -1')],
    },
    {
      breaks: 'entries that could not be read once are never read again',
      edits: [edit('sync/shared-labels.ts', 'drop(pair.name, shared))\n    return', 'undefined)\n    return')],
    },
    {
      breaks: 'entries that nobody uses are kept for ever',
      edits: [
        edit('sync/shared-labels.ts', 'if (shared.users === 0) shared.forget', 'if (shared.users < 0) shared.forget'),
      ],
    },
  ],
  'Windows that come too late': [
    {
      breaks: 'a gap is one only once its entries have expired',
      edits: [edit('core/outrun.ts', 'ttl - Math.max(', 'ttl - 0 * Math.max(')],
    },
    {
      breaks: 'the ordinary course is taken for a gap where the ttl is short',
      edits: [edit('core/outrun.ts', 'Math.min(2 * interval, (ttl - usualLag) / 2)', '2 * interval')],
    },
    {
      breaks: 'a run from one side counts for a gap',
      edits: [edit('core/outrun.ts', "  plan.source === 'both' &&\n", '')],
    },
    {
      breaks: 'a run of newer versions counts for a gap',
      edits: [edit('core/outrun.ts', '  (plan.since ?? 0) <= watermark &&\n', '')],
    },
    {
      breaks: 'a copy that may never end counts for a gap',
      edits: [edit('core/outrun.ts', ' || finishedAt !== undefined)', " || plan.purpose === 'copy')")],
    },
    {
      breaks: 'what windows read out of order is part of the gap',
      edits: [edit('core/outrun.ts', '[covered, ...acknowledged]', '[covered]')],
    },
    {
      breaks: 'what a run left to windows counts as read',
      edits: [edit('core/outrun.ts', 'seen - 2 * overlap', 'seen')],
    },
    {
      breaks: 'a gap behind a reconciliation that has begun is taken for that of it',
      edits: [
        edit(
          'core/outrun.ts',
          'cut === undefined ? Infinity : cut.begunAt * 1_000',
          'cut?.begunAt === -1 ? 0 : Infinity',
        ),
      ],
    },
    {
      breaks: 'the next reconciliation is the one that has begun',
      edits: [
        edit(
          'sync/start-run.ts',
          "plan.purpose !== 'reconciliation' || run.plan.cut === undefined",
          'run.pair === pair',
        ),
      ],
    },
    {
      breaks: 'windows of a gap are handed out before it is recorded',
      edits: [
        edit(
          'sync/plan-windows.ts',
          '  const reconciliation = paused ? undefined : await reconcile(pair, progress, deps)\n',
          '',
        ),
        edit(
          'sync/plan-windows.ts',
          '  return { pair, progress, open, planned,',
          '  const reconciliation = paused ? undefined : await reconcile(pair, progress, deps)\n  return { pair, progress, open, planned,',
        ),
      ],
    },
    {
      breaks: 'a gap of a paused pair is reconciled at once',
      edits: [edit('sync/plan-windows.ts', 'paused ? undefined : await reconcile', 'await reconcile')],
    },
    {
      breaks: 'a reconciliation copies what is older than the gap',
      edits: [edit('sync/sync-part.ts', 'decision.version < since', 'decision.version < 0 * since')],
    },
    {
      breaks: 'documents count as fresh however long ago they were read',
      edits: [
        edit(
          'sync/sync-part.ts',
          'readingOf(run, ids, chunk, freshness)',
          'readingOf(run, ids, chunk, new Freshness(run.pair.clock, run.pair.rules))',
        ),
        edit('sync/sync-part.ts', '    const freshness = new Freshness(clock, rules)\n', ''),
        edit('sync/sync-part.ts', '{ documents, rules, clock }: ScannablePair', '{ documents }: ScannablePair'),
      ],
    },
    {
      breaks: 'documents that break the contract are passed over by a copy',
      edits: [edit('sync/sync-chunk.ts', '  for (const reject of rejected.values()) rejectRecord(run, reject)\n', '')],
    },
  ],
  'Audits of everything': [
    {
      breaks: 'the parts of an audit are handed out all at once',
      edits: [edit('sync/plan-parts.ts', 'if (within === undefined) return', 'if (within !== 0) return')],
    },
    {
      breaks: 'the parts of an audit do not wait for their time',
      edits: [edit('sync/plan-parts.ts', 'waits || finished.size > due', 'waits')],
    },
    {
      breaks: 'two parts of an audit are worked on at a time',
      edits: [edit('sync/plan-parts.ts', 'waits || finished.size > due', 'finished.size > due && !waits')],
    },
    {
      breaks: 'an audit begins although nothing was copied',
      edits: [edit('core/full-audit.ts', ' || !runs.some((run) => isWhole(run, rule))', '')],
    },
    {
      breaks: 'an audit does not wait for other runs',
      edits: [
        edit(
          'core/full-audit.ts',
          'finishedAt === undefined && plan.local !== true',
          'finishedAt === -1 && plan.local !== true',
        ),
      ],
    },
    {
      breaks: 'an audit comes again at once',
      edits: [edit('core/full-audit.ts', 'nowMs - last < rule.intervalMs', 'nowMs - last < 0')],
    },
    {
      breaks: 'the last proof is forgotten',
      edits: [edit('core/full-audit.ts', '.filter((run) => run !== clean)', '')],
    },
    {
      breaks: 'an audit that left differences is a proof',
      edits: [edit('core/run.ts', '=> differences === repaired', '=> differences >= repaired')],
    },
    {
      breaks: 'a document behind an entry goes unnoticed by an audit',
      edits: [edit('sync/audit-part.ts', 'label !== undefined && label > document.version', 'label === -1')],
    },
    {
      breaks: 'a document behind the write times of its row goes unnoticed by an audit',
      edits: [
        edit(
          'sync/audit-part.ts',
          "if (rules.labels !== 'write-times') return true",
          "if (rules.unit !== 'us') return true",
        ),
      ],
    },
    {
      breaks: 'an audit waits for what is young',
      edits: [edit('sync/audit-part.ts', 'leavesYoung: true', 'leavesYoung: false')],
    },
    {
      breaks: 'an audit repairs nothing',
      edits: [edit('sync/audit-part.ts', 'repair: true', 'repair: false')],
    },
    {
      breaks: 'an audit mends in silence',
      edits: [edit('sync/work-on-part.ts', 'if (differences > 0)', 'if (differences < 0)')],
    },
  ],
}
