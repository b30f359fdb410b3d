/**
 * The rules, each broken on purpose: a small change of the code, after which some test has to go red.
 * `npm run mutants` makes them one by one; a unit test keeps the list in step with the code.
 */
export interface Edit {
  /** Below src/. */
  readonly file: string
  /** Stands exactly once in the file. */
  readonly find: string
  readonly put: string
}

export interface Mutant {
  /** What is not so any more. */
  readonly breaks: string
  readonly edits: readonly Edit[]
}

const edit = (file: string, find: string, put: string): Edit => ({ file, find, put })

export const mutants: Readonly<Record<string, readonly Mutant[]>> = {
  '1 · the version of a document and of an entry': [
    {
      breaks: '`stamp !== version` is not checked',
      edits: [edit('sync/candidate.ts', 'if (stamp !== version) {', 'if (stamp === -1) {')],
    },
    {
      breaks: 'document versions are not checked',
      edits: [edit('sync/candidate.ts', 'if (fault !== undefined) return reject', 'if (fault === null) return reject')],
    },
    {
      breaks: 'entry versions are not checked',
      edits: [edit('sync/look.ts', 'if (fault !== undefined) {', 'if (fault === null) {')],
    },
    {
      breaks: 'versions beyond the column are let through',
      edits: [edit('sync/candidate.ts', 'if (version > rows.maxVersion)', 'if (version > Infinity)')],
    },
    {
      breaks: 'any `_id` is taken for a UUID',
      edits: [edit('sync/candidate.ts', 'if (!canonicalUuid.test(id))', "if (id === '')")],
    },
    {
      breaks: 'a contradicting document lets its row through',
      edits: [
        edit(
          'sync/sync-window.ts',
          '    for (const { id } of page) entries.delete(id)\n',
          '    for (const id of candidates.keys()) entries.delete(id)\n',
        ),
      ],
    },
  ],
  '2 · what is read, in which order, how far': [
    {
      breaks: 'the entries are looked at before the view is opened',
      edits: [
        edit(
          'sync/sync-window.ts',
          '  const view = await pair.documents.openView(range, signal)\n  try {\n    const look = await looks.take()\n',
          '  const look = await looks.take()\n  const view = await pair.documents.openView(range, signal)\n  try {\n',
        ),
      ],
    },
    {
      breaks: 'reading again looks at the entries before the documents',
      edits: [
        edit(
          'sync/sync-chunk.ts',
          '  const stored = await pair.documents.getMany(ids, signal)\n',
          '  const look = await looks.take()\n  const stored = await pair.documents.getMany(ids, signal)\n',
        ),
        edit('sync/sync-chunk.ts', '  const look = await looks.take()\n  return { reading', '  return { reading'),
      ],
    },
    {
      breaks: 'the look ends at now',
      edits: [
        edit(
          'sync/look.ts',
          '      } else if (version > (labels.get(id) ?? -1)) {',
          '      } else if (version * 1e6 <= startedAt && version > (labels.get(id) ?? -1)) {',
        ),
      ],
    },
    {
      breaks: 'the range has no overlap',
      edits: [edit('sync/sync-window.ts', 'withOverlap(window, overlapUnits(pair.rules))', 'withOverlap(window, 0)')],
    },
    {
      breaks: 'the oldest entry is the label',
      edits: [
        edit(
          'sync/look.ts',
          '} else if (version > (labels.get(id) ?? -1)) {',
          '} else if (version < (labels.get(id) ?? Infinity)) {',
        ),
      ],
    },
    {
      breaks: 'an id that belongs to a later window is decided now',
      edits: [
        edit(
          'core/decide.ts',
          "  if (Math.max(document?.version ?? -1, label ?? -1) >= window.to) return { kind: 'later' }\n",
          '',
        ),
        edit('sync/sync-chunk.ts', 'ids.filter((id) => (look.labels.get(id) ?? -1) < window.to)', 'ids'),
      ],
    },
    {
      breaks: 'a row written after the version, without an entry, is overwritten',
      edits: [
        edit(
          'core/decide.ts',
          "  if (seen.label === undefined) return { kind: 'unlabelled' }\n",
          '  if (seen.label === undefined) return there + 1\n',
        ),
      ],
    },
    {
      breaks: 'the rows are read before the entries',
      edits: [
        edit(
          'sync/sync-window.ts',
          '    const look = await looks.take()\n',
          '    const looked = looks.take()\n    await pair.rows.getMany((await looked).labels.size > 0 ? [...(await looked).labels.keys()] : [], signal)\n    const look = await looks.take()\n',
        ),
      ],
    },
  ],
  '3 · torn content, and freshness': [
    {
      breaks: 'content older than its entry is believed at once',
      edits: [
        edit('core/decide.ts', 'if (contentMayBeOlder && age < hold(rules))', 'if (contentMayBeOlder && age < 0)'),
      ],
    },
    {
      breaks: 'only the wall clock is asked',
      edits: [
        edit(
          'sync/freshness.ts',
          'Math.max(this.#clock.monotonic() - this.#monotonic, Math.abs(this.#clock.now() - this.#wall))',
          'Math.abs(this.#clock.now() - this.#wall)',
        ),
      ],
    },
    {
      breaks: 'only the monotonic clock is asked',
      edits: [
        edit(
          'sync/freshness.ts',
          'Math.max(this.#clock.monotonic() - this.#monotonic, Math.abs(this.#clock.now() - this.#wall))',
          'this.#clock.monotonic() - this.#monotonic',
        ),
      ],
    },
    {
      breaks: 'a wall clock that was set back is not noticed',
      edits: [edit('sync/freshness.ts', 'Math.abs(this.#clock.now() - this.#wall)', 'this.#clock.now() - this.#wall')],
    },
    {
      breaks: 'writes are sent however old the reading is',
      edits: [edit('sync/sync-chunk.ts', 'maySend: reading.freshness.maySend }', 'maySend: () => true }')],
    },
    {
      breaks: 'the age counts from after opening the view',
      edits: [
        edit(
          'sync/sync-window.ts',
          '  const freshness = new Freshness(pair.clock, pair.rules)\n  const view = await pair.documents.openView(range, signal)\n',
          '  const view = await pair.documents.openView(range, signal)\n  const freshness = new Freshness(pair.clock, pair.rules)\n',
        ),
      ],
    },
    {
      breaks: 'reading again, the age counts from after the documents',
      edits: [
        edit('sync/sync-chunk.ts', '  const freshness = new Freshness(pair.clock, pair.rules)\n', ''),
        edit(
          'sync/sync-chunk.ts',
          '  const look = await looks.take()\n  return { reading',
          '  const freshness = new Freshness(pair.clock, pair.rules)\n  const look = await looks.take()\n  return { reading',
        ),
      ],
    },
    {
      breaks: 'reading again, the age counts from after the entries',
      edits: [
        edit('sync/sync-chunk.ts', '  const freshness = new Freshness(pair.clock, pair.rules)\n', ''),
        edit(
          'sync/sync-chunk.ts',
          '  const look = await looks.take()\n  return { reading',
          '  const look = await looks.take()\n  const freshness = new Freshness(pair.clock, pair.rules)\n  return { reading',
        ),
      ],
    },
    {
      breaks: 'an old first reading is used for a chunk that starts late',
      edits: [edit('sync/sync-chunk.ts', 'first?.freshness.isYoung() === true ? first : undefined', 'first')],
    },
    { breaks: 'what was not sent is forgotten', edits: [edit('sync/apply.ts', '        ids.push(write.id)\n', '')] },
    {
      breaks: 'what could not be sent in time is left without an error',
      edits: [edit('sync/sync-chunk.ts', 'if (restless.length > 0) throw tooSlow(run, restless.length)', '')],
    },
    {
      breaks: 'the reading is not renewed between rounds',
      edits: [edit('sync/sync-chunk.ts', '    reading = undefined\n', '    reading = first\n')],
    },
  ],
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
      edits: [edit('sync/sync-chunk.ts', '  const second = await run.looks.take()\n', '  const second = first\n')],
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
      edits: [edit('sync/sync-chunk.ts', 'return [...moved, ...documents, ...rows]', 'return [...documents, ...rows]')],
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
          '    if (this.#next !== undefined) return this.#next\n    if (this.#running === undefined) return this.#start()\n',
          '    if (this.#running !== undefined) return this.#running\n    if (this.#running === undefined) return this.#start()\n',
        ),
      ],
    },
    {
      breaks: 'each question gets a look of its own',
      edits: [
        edit(
          'sync/look.ts',
          '    if (this.#next !== undefined) return this.#next\n    if (this.#running === undefined) return this.#start()\n',
          '    if (this.#next === undefined || this.#next !== undefined) return this.#start()\n    if (this.#running === undefined) return this.#start()\n',
        ),
      ],
    },
    {
      breaks: 'a question in the moment between two looks starts a third',
      edits: [
        edit('sync/look.ts', '    if (this.#next !== undefined) return this.#next\n', ''),
        edit(
          'sync/look.ts',
          '    this.#next = this.#running.then(this.#start, this.#start)',
          '    this.#next ??= this.#running.then(this.#start, this.#start)',
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
        edit('core/decide.ts', 'if (!document.fields.has(name)) clear.add(name)', "if (name === '') clear.add(name)"),
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
      edits: [edit('core/decide.ts', "  if (inSync(rules, document, seen)) return { kind: 'unchanged' }\n", '')],
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
          'new Looks(pair, range.from, signal, end)',
          'new Looks(pair, range.from, new AbortController().signal, end)',
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
          'sync/sync-chunk.ts',
          'await pair.rows.getMany(own, signal)',
          'await pair.rows.getMany(own, new AbortController().signal)',
        ),
        edit(
          'sync/sync-chunk.ts',
          'const { pair, window, tally, signal, decide } = run',
          'const { pair, window, tally, decide } = run',
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
      edits: [edit('sync/look.ts', 'this.#running.then(this.#start, this.#start)', 'this.#running.then(this.#start)')],
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
          '  if (document !== undefined && sameFields(document.fields, row.fields)) return document.version\n',
          '',
        ),
      ],
    },
  ],
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
          'candidate?.mismatch !== undefined && wouldBeCopied(run, candidate, label)',
          'candidate?.mismatch !== undefined && wouldBeCopied(run, candidate, undefined)',
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
      edits: [edit('sync/sync-window.ts', '    for (const fault of look.faults) rejectRecord(run, fault)\n', '')],
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
      edits: [edit('sync/sync-window.ts', '    for (const { id } of page) entries.delete(id)\n', '')],
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
          '[...look.labels].filter(([, version]) => version < window.to)',
          '[...look.labels].filter(([, version]) => version >= 0)',
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
