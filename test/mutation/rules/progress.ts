/** Mutants of progress (rules A, B and D of SPEC.md). */
import { edit, type Mutants } from '../mutant.js'

export const progress: Mutants = {
  'A, B · windows tile time, and the watermark': [
    {
      breaks: 'the watermark jumps over what was not acknowledged',
      edits: [edit('core/progress.ts', 'if (range.from <= watermark) watermark', 'if (range.from >= 0) watermark')],
    },
    {
      breaks: 'the watermark moves back',
      edits: [edit('core/progress.ts', 'watermark = Math.max(watermark, range.to)', 'watermark = range.to')],
    },
    {
      breaks: 'what was acknowledged out of order is forgotten',
      edits: [edit('core/progress.ts', '    else beyond.push(range)\n', '')],
    },
    {
      breaks: 'what was acknowledged out of order is handed out again',
      edits: [
        edit('core/progress.ts', '[...progress.acknowledged, ...open])\n  const missing', 'open)\n  const missing'),
      ],
    },
    {
      breaks: 'what is open is handed out again',
      edits: [
        edit(
          'core/progress.ts',
          '[...progress.acknowledged, ...open])\n  const missing',
          'progress.acknowledged)\n  const missing',
        ),
      ],
    },
    {
      breaks: 'a window is handed out before it has passed',
      edits: [
        edit(
          'core/progress.ts',
          'const end = Math.floor(until / step) * step',
          'const end = Math.ceil(until / step) * step',
        ),
      ],
    },
    {
      breaks: 'boundaries lie off the grid',
      edits: [edit('core/progress.ts', '(Math.floor(start / step) + 1) * step', 'start + step')],
    },
    {
      breaks: 'a long gap is as many windows as it has steps',
      edits: [edit('core/progress.ts', '  while (missing / step > room) step *= 2\n', '  if (room < 0) step *= 2\n')],
    },
    {
      breaks: 'windows do not grow while nobody works on them',
      edits: [edit('core/progress.ts', 'cadence.step * 2 ** Math.floor(open.length / maxOpen)', 'cadence.step')],
    },
    {
      breaks: 'windows end at now',
      edits: [edit('sync/plan-windows.ts', 'versionAt(clock.now() - pair.settle, pair.unit)', 'now')],
    },
    {
      breaks: 'the queue is read after the progress',
      edits: [
        edit('sync/plan-windows.ts', '  const open = await deps.queue.open()\n  const plans', '  const plans'),
        edit(
          'sync/plan-windows.ts',
          'await planPair(pair, open.get(pair.name) ?? [], deps)',
          'await planPair(pair, [], deps)',
        ),
        edit(
          'sync/plan-windows.ts',
          '  const { progress } = seen ?? (await checkpoints.create(pair.name, startAt(now)))\n',
          '  const { progress } = seen ?? (await checkpoints.create(pair.name, startAt(now)))\n  open = (await queue.open()).get(pair.name) ?? []\n',
        ),
      ],
    },
    {
      breaks: 'one pair that cannot be planned holds up the others',
      edits: [edit('sync/plan-windows.ts', '      plans.push({ pair, error })\n', '      throw error\n')],
    },
  ],
  'B, D · acknowledging a window': [
    {
      breaks: 'a lost race is taken for a win',
      edits: [
        edit(
          'sync/acknowledge-window.ts',
          'if (applied) return next',
          'if (applied || stored !== undefined) return next',
        ),
      ],
    },
    {
      breaks: 'after a lost race the same progress is tried again',
      edits: [
        edit(
          'sync/acknowledge-window.ts',
          '  let wait = firstWait\n',
          '  let wait = firstWait\n  let kept: Progress | undefined\n',
        ),
        edit(
          'sync/acknowledge-window.ts',
          '= acknowledge(seen.progress, window)',
          '= (kept ??= acknowledge(seen.progress, window))',
        ),
      ],
    },
    {
      breaks: 'what was seen long ago says that a window is recorded',
      edits: [
        edit(
          'sync/acknowledge-window.ts',
          '      seen = await checkpoints.read(pair)\n',
          '      seen ??= await checkpoints.read(pair)\n',
        ),
      ],
    },
    {
      breaks: 'what was seen last is tried first although others change it',
      edits: [
        edit(
          'sync/acknowledge-window.ts',
          'last?.isQuiet === true ? last.checkpoint',
          'last !== undefined ? last.checkpoint',
        ),
      ],
    },
    {
      breaks: 'the progress is looked at for each window',
      edits: [
        edit(
          'sync/acknowledge-window.ts',
          'last?.isQuiet === true ? last.checkpoint',
          'last?.isQuiet === undefined && last !== undefined ? last.checkpoint',
        ),
      ],
    },
    {
      breaks: 'a window that is recorded already is stored again',
      edits: [
        edit('sync/acknowledge-window.ts', '      if (isCovered(window, seen.progress)) return seen.progress\n', ''),
      ],
    },
    {
      breaks: 'progress that is gone is made up',
      edits: [
        edit(
          'sync/acknowledge-window.ts',
          'if (seen === undefined) throw missing(pair)',
          'if (seen === undefined) return { watermark: window.to, acknowledged: [] }',
        ),
      ],
    },
    {
      breaks: 'who lost the job acknowledges all the same',
      edits: [edit('sync/acknowledge-window.ts', '    signal.throwIfAborted()\n', '')],
    },
  ],
}
