/** A record's story for a terminal and for programs. */
import type { Json } from '../core/json.js'
import { stringifyExactJson } from '../adapters/elasticsearch/exact-json.js'
import { printable } from '../core/printable.js'
import { rejectText } from '../core/reject.js'
import { spanLabel } from '../core/span-label.js'
import { versionLabel, windowLabel } from '../core/window-label.js'
import type { FieldStory } from '../sync/explain-record.js'
import type { WholeStory } from './explain.js'
import { table } from './table.js'

/** @param width of the terminal, undefined where there is none */
export const describeStory = (story: WholeStory, width: number | undefined): string => {
  const { pair, id, document, row, entries } = story
  const version = (value: number): string => versionWords(value, story)
  const lines = [
    `${printable(id)} in ${pair}${story.isDelete ? ', deleted' : ''}`,
    `  Elasticsearch  ${document === undefined ? 'no document' : `version ${version(document.version)}${stampWords(story)}`}`,
    `  Cassandra      ${rowWords(story, version)}`,
    `  entries        ${entries.length === 0 ? 'none that is there to be read' : entries.slice(0, 5).map(version).join(', ') + (entries.length > 5 ? `, and ${entries.length - 5} older` : '')}`,
    `  window         ${windowWords(story)}`,
  ]
  if (document !== undefined || row !== undefined) lines.push('', ...fieldLines(story.fields, width), '')
  lines.push(`  now            ${nextWords(story)}`)
  for (const reject of story.next.rejects.slice(story.next.kind === 'rejected' ? 1 : 0)) {
    lines.push(`  beside it      ${reject.side}: ${rejectText(reject)}`)
  }
  for (const { jobId, reject, since } of story.setAside ?? []) {
    lines.push(
      `  set aside      ${new Date(since).toISOString()}: ${rejectText(reject)}; caes-sync rejects retry ${jobId}`,
    )
  }
  return `${lines.join('\n')}\n`
}

/** `1427254212 (2015-03-25T03:30:12Z)`; a logical version has no time. */
const versionWords = (version: number, { unit }: WholeStory): string => {
  const label = versionLabel(version, unit)
  return label === String(version) ? label : `${version} (${label})`
}

const stampWords = ({ document }: WholeStory): string => {
  if (document === undefined || document.stamp === document.version) return ''
  return `, but its timestamp field says ${document.stamp ?? 'no usable time'}`
}

const rowWords = ({ row, label, entries }: WholeStory, version: (value: number) => string): string => {
  if (row === undefined) return 'no row'
  const source = label === entries[0] ? 'newest entry' : 'cells'
  const told = label === undefined ? 'no entry tells its version' : `version ${version(label)}, by its ${source}`
  const { writeTime } = row
  const written =
    writeTime === undefined ? 'its cells are all null' : `cells written at ${new Date(writeTime / 1_000).toISOString()}`
  return `${told}; ${written}`
}

const windowWords = (story: WholeStory): string => {
  const { window, unit, version, readAgain } = story
  if (version === undefined) return 'none: neither side tells a version'
  if (window === undefined) return 'not known: the pair never ran, or Redis does not answer'
  const again =
    readAgain === true
      ? 'a window that is still to come reads it again'
      : 'no window reads it again; "caes-sync sync --from … --to …" would'
  switch (window.state) {
    case 'acknowledged':
      return `done (before the watermark, ${versionLabel(window.before, unit)}, or acknowledged beyond it); ${again}`
    case 'due':
      return `${windowLabel(window.window, unit)}, which is handed out with the next tick`
    case 'to come':
      return `${windowLabel(window.window, unit)}, whose time has not come`
    default:
      return `${windowLabel(window.window, unit)}, open: ${window.state}${window.state === 'failed' ? ' (caes-sync windows --status failed)' : ''}`
  }
}

const nextWords = ({ next }: WholeStory): string => {
  const until =
    next.until === undefined
      ? ''
      : `; it is decided at ${new Date(next.until / 1_000).toISOString()}${leftWords(next.until)}`
  const rule = /^\d/.test(next.rule) ? `rule ${next.rule}` : next.rule
  return `${steps[next.kind]}: ${printable(next.text)}${until} [${rule}]`
}

const leftWords = (until: number): string => {
  const left = until - Date.now() * 1_000
  return left > 0 ? `, in ${spanLabel(left)}` : ' or later'
}

const steps: Record<WholeStory['next']['kind'], string> = {
  unchanged: 'nothing to do',
  later: 'left to a later window',
  ignored: 'nothing is copied',
  held: 'held',
  unlabelled: 'left alone, unlabelled',
  orphaned: 'nothing to do, orphaned',
  again: 'held',
  'write-document': 'the row is copied to Elasticsearch',
  'write-row': 'the document is copied to Cassandra',
  rejected: 'set aside',
}

const columns = [
  { title: '' },
  { title: 'FIELD', least: 5 },
  { title: 'ELASTICSEARCH', least: 13 },
  { title: 'CASSANDRA', least: 9 },
]
const longest = 200

const fieldLines = (fields: readonly FieldStory[], width: number | undefined): string[] => {
  if (fields.length === 0) return ['  no mirrored field has a value']
  const rows = fields.map(({ name, elasticsearch, cassandra, differs }) => [
    differs ? '≠' : '=',
    name,
    valueWords(elasticsearch),
    valueWords(cassandra),
  ])
  return table(columns, rows, width === undefined ? undefined : width - 2).map((line) => `  ${line}`)
}

const valueWords = (value: Json | undefined): string => {
  if (value === undefined) return '–'
  const text = stringifyExactJson(value)
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

/** For programs; everything that is not known is null. */
export const storyData = (story: WholeStory): object => {
  const { pair, id, document, row, label, entries, fields, version, window, readAgain, next, setAside } = story
  const { kind, rule, text, until, rejects } = next
  return {
    pair,
    id,
    version: version ?? null,
    deleted: story.isDelete,
    elasticsearch: document === undefined ? null : { version: document.version, timestamp: document.stamp ?? null },
    cassandra: row === undefined ? null : { version: label ?? null, writeTime: row.writeTime ?? null },
    entries,
    fields: fields.map(({ name, elasticsearch = null, cassandra = null, differs }) => ({
      name,
      elasticsearch,
      cassandra,
      differs,
    })),
    window:
      window === undefined
        ? null
        : window.state === 'acknowledged'
          ? { state: window.state, watermark: window.before }
          : { state: window.state, ...window.window },
    readAgain: readAgain ?? null,
    next: { kind, rule, text, until: until === undefined ? null : new Date(until / 1_000).toISOString(), rejects },
    setAside:
      setAside === undefined
        ? null
        : setAside.map(({ jobId, reject, since }) => ({ job: jobId, ...reject, since: new Date(since).toISOString() })),
  }
}
