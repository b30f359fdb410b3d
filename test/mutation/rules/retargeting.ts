/** Mutants of moving a pair to a new index (section Moving of SPEC.md). */
import { edit, type Mutants } from '../mutant.js'

const file = 'sync/retarget.ts'

export const retargeting: Mutants = {
  'N · moving to a new index': [
    {
      breaks: 'an index that differs is switched to',
      edits: [edit(file, 'if (comparison.differences > 0) return', 'if (comparison.differences < 0) return')],
    },
    {
      breaks: 'the alias is switched although nobody asked',
      edits: [edit(file, 'if (!options.switch) return', 'if (!options.switch && next < 0) return')],
    },
    {
      breaks: 'the old index goes on taking writes',
      edits: [edit(file, '  await move.refuseWrites(source, signal)\n', '')],
    },
    {
      breaks: 'what came before the old index refused writes is left there',
      edits: [
        edit(
          file,
          '  await move.refuseWrites(source, signal)\n  ;({ next } = await move.copy(source, next, { signal }))\n',
          '  await move.refuseWrites(source, signal)\n',
        ),
      ],
    },
    {
      breaks: 'nothing follows while it is compared',
      edits: [edit(file, 'while (!compared.signal.aborted) {', 'while (next < 0) {')],
    },
    {
      breaks: 'the comparison goes on where following has failed',
      edits: [edit(file, '    failed.abort(error)\n', '')],
    },
    {
      breaks: 'windows go on while the alias is switched',
      edits: [
        edit(
          file,
          '  await pauses.pause(pair, { since: Math.floor(clock.now() / 1_000), who: whoPauses(move) })\n',
          '',
        ),
      ],
    },
    {
      breaks: 'windows stand still for ever after a switch that failed',
      edits: [
        edit(
          file,
          'if (!isSent || (await standsFor(move, source))) await resume(deps)',
          'if (!isSent) await resume(deps)',
        ),
      ],
    },
    {
      breaks: 'windows stand still for ever after a switch',
      edits: [edit(file, '  await resume(deps)\n  await move.remember', '  await move.remember')],
    },
    {
      breaks: 'windows go on after a switch whose answer was lost',
      edits: [edit(file, 'if (!isSent || (await standsFor(move, source))) await', 'await')],
    },
    {
      breaks: 'windows go on while a switch of another call is finished',
      edits: [edit(file, '    await hold(deps, signal)\n    await finish', '    await finish')],
    },
    {
      breaks: 'windows stand still while it is compared, after a process that died right before its switch',
      edits: [
        edit(file, '  await resume(deps)\n  if (state !== undefined && (state', '  if (state !== undefined && (state'),
      ],
    },
    {
      breaks: 'a pause of somebody else is ended',
      edits: [edit(file, 'pause?.who === whoPauses(move)', 'pause !== undefined')],
    },
    {
      breaks: 'whoever goes on fills anew',
      edits: [edit(file, 'let next = state?.copiedBelow ?? 0', 'let next = 0')],
    },
    {
      breaks: 'a switch that another call has begun is not finished',
      edits: [edit(file, 'if (state === undefined || state.finished === true) return', 'if (source !== "") return')],
    },
    {
      breaks: 'an index that was filled from another one is taken',
      edits: [
        edit(file, 'if (state !== undefined && (state.source', 'if (state !== undefined && false && (state.source'),
      ],
    },
  ],
}
