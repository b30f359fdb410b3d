/** Mutants of dividing a window that holds too many records (section Progress of SPEC.md). */
import { edit, type Mutants } from '../mutant.js'

export const dividing: Mutants = {
  'E · windows that hold too many records': [
    {
      breaks: 'a window of too many documents is worked on',
      edits: [
        edit(
          'sync/look-first.ts',
          '  if (sums !== undefined && documentsIn([...first, ...last], sums) > maxRecords) return undefined\n',
          '',
        ),
        edit('sync/look-first.ts', '  if (documentsIn(ranges, sums) > maxRecords) return undefined\n', ''),
      ],
    },
    {
      breaks: 'documents that are not read count as well',
      edits: [
        edit('sync/look-first.ts', 'documentsIn(ranges, sums) > maxRecords', 'documentsIn(sums, sums) > maxRecords'),
      ],
    },
    {
      breaks: 'a part of what lies in between is read in any case',
      edits: [edit('sync/look-first.ts', 'return isIfUnlike ?', 'return part.to < 0 ?')],
    },
    {
      breaks: 'a share of the ids is compared by the sums of all',
      edits: [edit('sync/look-first.ts', 'part.ids.of === 1 && whole', 'whole')],
    },
    {
      breaks: 'a window of too many entries is worked on',
      edits: [edit('sync/look-first.ts', 'return entries > maxRecords ? undefined : others', 'return others')],
    },
    {
      breaks: 'entries of later windows count as well',
      edits: [edit('sync/look-first.ts', 'if (isIn(ranges, version)) entries += 1', 'if (version >= 0) entries += 1')],
    },
    {
      breaks: 'a part decides on what belongs to the next one',
      edits: [edit('sync/sync-window.ts', 'part ?? window', 'window')],
    },
    {
      breaks: 'a part reads all of its window',
      edits: [
        edit('sync/look-first.ts', 'if (part === undefined) return inBetween', 'if (window.to > 0) return inBetween'),
      ],
    },
    {
      breaks: 'a part looks no further back than it reads',
      edits: [edit('sync/sync-window.ts', 'from: Math.max(window.from, own.from)', 'from: own.from + overlap')],
    },
    {
      breaks: 'a part of the overlap looks further back than its window',
      edits: [edit('sync/sync-window.ts', 'from: Math.max(window.from, own.from)', 'from: own.from')],
    },
    {
      breaks: 'every part works on the entries before it',
      edits: [
        edit(
          'sync/sync-window.ts',
          'if (!isIn(ranges, labels.valueAt(at)))',
          'if (labels.valueAt(at) >= ranges.at(-1)!.to)',
        ),
      ],
    },
    {
      breaks: 'every share takes all documents',
      edits: [edit('sync/sync-window.ts', 'page.filter(({ id }) => isInShare(share, id))', 'page')],
    },
    {
      breaks: 'every share takes all entries',
      edits: [edit('sync/sync-window.ts', 'signal, (id) => isInShare(ids, id))', 'signal, () => true)')],
    },
    {
      breaks: 'every part tells of entries that cannot be used',
      edits: [edit('sync/sync-window.ts', '  if (run.window.to === window.to) for', '  if (window.to > 0) for')],
    },
    {
      breaks: 'what is no UUID belongs to no share',
      edits: [edit('core/window-part.ts', '(uuidHash(id) ?? 0)', '(uuidHash(id) ?? NaN)')],
    },
    {
      breaks: 'shares are taken from the start of the id',
      edits: [
        edit('core/window-part.ts', '(uuidHash(id) ?? 0) / 2 ** 32', 'Number.parseInt(id.slice(0, 8), 16) / 2 ** 32'),
      ],
    },
    {
      breaks: 'a version that holds too many by itself is left in one part',
      edits: [edit('core/divide.ts', 'Math.ceil(own(from, to) / room), ', '')],
    },
    {
      breaks: 'ids in mind are not bounded',
      edits: [edit('core/divide.ts', ', Math.ceil(labels / mostLabels))', ')')],
    },
    {
      breaks: 'parts are as small as they can be, and read the same entries over and over',
      edits: [edit('core/divide.ts', 'const mostReadings = 8', 'const mostReadings = 1_000')],
    },
    {
      breaks: 'parts hold more than they should',
      edits: [edit('core/divide.ts', 'own(from, end) > room', 'own(from, to) > room')],
    },
    {
      breaks: 'what is empty is a part as well',
      edits: [edit('core/divide.ts', 'bin.size > 0 && own(from, to) > 0 && ', '')],
    },
    {
      breaks: 'the last part is left out',
      edits: [edit('core/divide.ts', '  if (to > from) close(from, to)\n  return parts', '  return parts')],
    },
  ],
}
