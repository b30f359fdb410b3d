/** Mutants of writing over what is in a row (rule 4 of SPEC.md). */
import { edit, type Mutants } from '../mutant.js'

export const writingOverRows: Mutants = {
  '4 · writing over a row': [
    {
      breaks: 'no second look',
      edits: [
        edit(
          'sync/sync-chunk.ts',
          '  if (bumped.length === 0) return new Set()\n',
          '  if (bumped.length >= 0) return new Set()\n',
        ),
      ],
    },
    {
      breaks: 'the second look is the first one again',
      edits: [
        edit('sync/sync-chunk.ts', '  const second = await run.looks.again(bumped)\n', '  const second = first\n'),
      ],
    },
    {
      breaks: 'moved labels are written all the same',
      edits: [
        edit(
          'sync/sync-chunk.ts',
          'const steady = verdicts.rows.filter(({ id }) => !moved.has(id))',
          'const steady = verdicts.rows',
        ),
      ],
    },
    {
      breaks: 'moved labels are dropped instead of read again',
      edits: [edit('sync/sync-chunk.ts', 'moved: [...moved], unsent', 'moved: [], unsent')],
    },
    {
      breaks: 'every write takes a second look',
      edits: [edit('sync/sync-chunk.ts', 'writes.filter((write) => write.bumped)', 'writes')],
    },
    {
      breaks: 'bumps are not marked',
      edits: [
        edit(
          'core/decide.ts',
          "bumped: rules.labels !== 'write-times' && writeTime > micros(document.version, rules.unit)",
          'bumped: false',
        ),
      ],
    },
    {
      breaks: 'a bump does not go above the cells',
      edits: [
        edit(
          'core/decide.ts',
          'if (there < microsAfter(version, rules.unit)) return there + 1',
          'if (there < microsAfter(version, rules.unit)) return there',
        ),
      ],
    },
    {
      breaks: 'a late row is overwritten without waiting',
      edits: [
        edit(
          'core/decide.ts',
          'if (seen.labelReadAt - there >= hold(rules)) return there + 1',
          'if (seen.labelReadAt - there >= 0) return there + 1',
        ),
      ],
    },
    {
      breaks: 'the last chance takes one look',
      edits: [
        edit(
          'core/decide.ts',
          "return stoodStill(rules, seen, before) ? there + 1 : { kind: 'again', wait: rules.settle }",
          'return there + 1',
        ),
      ],
    },
    {
      breaks: 'the last chance is held for ever',
      edits: [
        edit(
          'core/decide.ts',
          "return stoodStill(rules, seen, before) ? there + 1 : { kind: 'again', wait: rules.settle }",
          "return { kind: 'held', because: 'row written after the version' }",
        ),
      ],
    },
    {
      breaks: 'the two looks need not be settle apart',
      edits: [
        edit(
          'core/decide.ts',
          'before !== undefined && seen.labelReadAt - before.labelReadAt >= rules.settle && seen.entry',
          'before !== undefined && seen.entry',
        ),
      ],
    },
    {
      breaks: 'the sync does not wait between looks',
      edits: [edit('sync/sync-chunk.ts', '  if (span > 0) await pair.clock.sleep(span, signal)\n', '')],
    },
    {
      breaks: 'the reading before is forgotten',
      edits: [
        edit(
          'sync/sync-chunk.ts',
          'before = new Map([...verdicts.again].map(([id, { seen }]) => [id, seen]))',
          'before = new Map()',
        ),
      ],
    },
    {
      breaks: 'a restless row under a logical version is overwritten',
      edits: [
        edit(
          'core/decide.ts',
          "if (!isWhole) return { kind: 'again', wait: rules.settle }",
          "if (!isWhole && there < 0) return { kind: 'again', wait: rules.settle }",
        ),
      ],
    },
    {
      breaks: 'neighbouring logical versions share a write time',
      edits: [edit('core/decide.ts', 'return there + 1 + Math.min(version, versionSpread)', 'return there + 1')],
    },
    {
      breaks: 'hidden nulls are not outbid',
      edits: [
        edit(
          'core/decide.ts',
          'Math.max(time, hiddenNullFloor(rules, document, seen))',
          'Math.max(time, 0 * hiddenNullFloor(rules, document, seen))',
        ),
      ],
    },
    {
      breaks: 'a row that never stands still is not counted as held',
      edits: [edit('sync/sync-chunk.ts', '      run.tally.report.held += verdicts.again.size\n', '')],
    },
    {
      breaks: 'a look may be joined that began before the question',
      edits: [
        edit(
          'sync/look.ts',
          '    if (this.#running === undefined) return this.#start(wanted)\n',
          '    if (this.#running !== undefined) return this.#running\n    if (this.#running === undefined) return this.#start(wanted)\n',
        ),
      ],
    },
    {
      breaks: 'each question gets a look of its own',
      edits: [
        edit(
          'sync/look.ts',
          '    if (this.#running === undefined) return this.#start(wanted)\n',
          '    if (this.#next === undefined) return this.#start(wanted)\n',
        ),
      ],
    },
    {
      breaks: 'a question in the moment between two looks starts a third',
      edits: [
        edit(
          'sync/look.ts',
          '    if (this.#next !== undefined) {\n',
          '    if (this.#next !== undefined && this.#running !== undefined) {\n',
        ),
      ],
    },
    {
      breaks: 'a wall clock that was set back makes the wait longer',
      edits: [
        edit('sync/sync-chunk.ts', 'Math.min(wait, seen.labelReadAt + wait - now)', 'seen.labelReadAt + wait - now'),
      ],
    },
    {
      breaks: 'the wait counts from the look, not from the rows',
      edits: [edit('sync/sync-chunk.ts', 'seen: { ...seen, labelReadAt: readBy }', 'seen')],
    },
  ],
}
