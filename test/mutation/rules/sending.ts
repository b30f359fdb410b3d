/** Mutants of sending, failing and the order of requests (rules 11 and 12 of SPEC.md). */
import { edit, type Mutants } from '../mutant.js'

export const sending: Mutants = {
  '11 · acknowledged or not done': [
    { breaks: 'the view stays open', edits: [edit('sync/sync-window.ts', '    await view.close()\n', '')] },
    {
      breaks: 'the view is closed only after success',
      edits: [
        edit(
          'sync/sync-window.ts',
          '  } finally {\n    await view.close()\n  }\n',
          '  } catch (error) {\n    throw error\n  }\n  await view.close()\n',
        ),
      ],
    },
    {
      breaks: 'a failure of one store does not wait for the other',
      edits: [
        edit(
          'sync/sync-chunk.ts',
          '  await Promise.allSettled([a, b])\n  return [await a, await b]\n',
          '  return Promise.all([a, b])\n',
        ),
      ],
    },
    {
      breaks: 'a failure of one chunk does not wait for the other',
      edits: [
        edit(
          'core/concurrency.ts',
          '  await Promise.all(underWay)\n  if (failure',
          '  if (failure === undefined) await Promise.all(underWay)\n  if (failure',
        ),
      ],
    },
    {
      breaks: 'a failing chunk is swallowed',
      edits: [edit('core/concurrency.ts', '  if (failure !== undefined) throw failure.error\n', '')],
    },
    {
      breaks: 'a failing page is swallowed',
      edits: [
        edit(
          'core/concurrency.ts',
          '  } catch (error) {\n    failure ??= { error }\n  }',
          '  } catch {\n    if (failure !== undefined) throw failure.error\n  }',
        ),
      ],
    },
    {
      breaks: 'the failure of the row store is swallowed',
      edits: [
        edit(
          'sync/sync-chunk.ts',
          '  return [await a, await b]\n',
          '  return [await a, await b.catch(() => [] as never)]\n',
        ),
      ],
    },
    {
      breaks: 'the looks do not know the signal',
      edits: [
        edit(
          'sync/sync-window.ts',
          'new Looks(pair, { from, before }, signal,',
          'new Looks(pair, { from, before }, new AbortController().signal,',
        ),
      ],
    },
    {
      breaks: 'the writes do not know the signal',
      edits: [
        edit(
          'sync/sync-chunk.ts',
          'const sending = { pair, tally, signal, maySend',
          'const sending = { pair, tally, signal: new AbortController().signal, maySend',
        ),
      ],
    },
    {
      breaks: 'reading rows does not know the signal',
      edits: [
        edit(
          'sync/read-rows.ts',
          'await pair.rows.getMany(ids, signal)',
          'await pair.rows.getMany(ids, new AbortController().signal)',
        ),
        edit('sync/read-rows.ts', 'const { pair, signal } = run', 'const { pair } = run'),
      ],
    },
    {
      breaks: 'rows that are in sync are read with their write times',
      edits: [edit('sync/read-rows.ts', 'getMany(ids, signal, { writeTimes: false })', 'getMany(ids, signal)')],
    },
    {
      breaks: 'a row whose content differs counts as in sync',
      edits: [
        edit('sync/read-rows.ts', 'if (row !== undefined && sameFields(fields, row.fields))', 'if (row !== undefined)'),
        edit('sync/read-rows.ts', 'import { sameFields, type Row }', 'import type { Row }'),
      ],
    },
    {
      breaks: 'a row is taken for its entry although its cells may be newer',
      edits: [
        edit(
          'sync/read-rows.ts',
          "rules.labels === 'write-times' ? [] :",
          "rules.labels === 'write-times' && known.length === 0 ? [] :",
        ),
      ],
    },
    {
      breaks: 'reading documents again does not know the signal',
      edits: [
        edit(
          'sync/sync-chunk.ts',
          'await pair.documents.getMany(ids, signal)',
          'await pair.documents.getMany(ids, new AbortController().signal)',
        ),
      ],
    },
    {
      breaks: 'waiting does not know the signal',
      edits: [
        edit(
          'sync/sync-chunk.ts',
          'await pair.clock.sleep(span, signal)',
          'await pair.clock.sleep(span, new AbortController().signal)',
        ),
      ],
    },
    {
      breaks: 'a failed look fails the next one too',
      edits: [edit('sync/look.ts', 'this.#running.then(start, start)', 'this.#running.then(start)')],
    },
    {
      breaks: 'missing outcomes are taken for success',
      edits: [edit('sync/apply.ts', 'if (outcome === undefined) throw', 'if (outcome === null) throw')],
    },
  ],
  '12 · entries before rows': [
    {
      breaks: 'the rows go first',
      edits: [
        edit(
          'sync/apply.ts',
          '  const entered = await pair.rows.writeEntries(entries, maySend, signal)\n',
          '  const early = await pair.rows.writeRows(writes, sources, maySend, signal)\n  const entered = await pair.rows.writeEntries(entries, maySend, signal)\n',
        ),
        edit(
          'sync/apply.ts',
          '  const outcomes = await pair.rows.writeRows(ready, sources, maySend, signal)\n',
          '  const outcomes = early\n',
        ),
      ],
    },
    {
      breaks: 'the rows do not wait for the entries',
      edits: [
        edit(
          'sync/apply.ts',
          '  const entered = await pair.rows.writeEntries(entries, maySend, signal)\n',
          '  const entering = pair.rows.writeEntries(entries, maySend, signal)\n  const entered = entries.map(() => true)\n',
        ),
        edit(
          'sync/apply.ts',
          '  for (const { id } of entries) if',
          '  await entering\n  for (const { id } of entries) if',
        ),
      ],
    },
    {
      breaks: 'a row is sent although its entry was not',
      edits: [
        edit('sync/apply.ts', 'const ready = writes.filter(({ id }) => !withoutEntry.has(id))', 'const ready = writes'),
      ],
    },
    {
      breaks: 'a row whose entry was not sent is forgotten',
      edits: [edit('sync/apply.ts', 'return [...withoutEntry, ...late]', 'return late')],
    },
    {
      breaks: 'an entry that is there is written again',
      edits: [edit('core/decide.ts', 'needsEntry: seen.entry !== document.version', 'needsEntry: true')],
    },
    {
      breaks: 'no entry is written',
      edits: [edit('core/decide.ts', 'needsEntry: seen.entry !== document.version', 'needsEntry: false')],
    },
  ],
}
