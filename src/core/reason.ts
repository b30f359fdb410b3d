/** Why a decision came out as it did, for people: the rule of SPEC.md, and a sentence. Decides nothing itself. */
import type { Decision, Observation } from './decide.js'
import { hold, type Rules } from './rules.js'
import { isClock, micros, microsAfter, type Micros } from './version.js'
import { versionLabel } from './window-label.js'
import type { Window } from './window.js'

export interface Reason {
  /** The number of the rule in SPEC.md, or the key of the configuration that says so. */
  readonly rule: string
  /** A sentence without its full stop. */
  readonly text: string
  /** Wall clock from which on a window decides otherwise, if nothing else happens. */
  readonly until?: Micros
}

export const reasonOf = (rules: Rules, window: Window, seen: Observation, decision: Decision): Reason => {
  const label = (version: number | undefined): string =>
    version === undefined ? '–' : versionLabel(version, rules.unit)
  switch (decision.kind) {
    case 'unchanged':
      return unchanged(seen, label)
    case 'later':
      return {
        rule: '2',
        text: `its newest version is not before ${label(window.to)}, where what can be decided now ends: a later window carries it`,
      }
    case 'ignored':
      return {
        rule: 'sync.direction',
        text: `the newer side is not copied from: sync.direction is ${rules.direction}`,
      }
    case 'held':
      return held(rules, seen, decision.because)
    case 'unlabelled':
      return {
        rule: '2',
        text: `the row was written at ${at(seen.row?.writeTime)}, after the time of ${seen.document === undefined ? 'any version that is known' : `the document's version ${label(seen.document.version)}`}, and no entry tells which version it is; a new write of the record settles it`,
      }
    case 'orphaned':
      return {
        rule: '7',
        text: `there is an entry of version ${label(seen.label)} and no row: it never came, or was deleted. Nothing follows from a row that is absent`,
      }
    case 'again':
      return {
        rule: isLogical(rules, seen) ? '3' : '4',
        text: 'it has to look the same twice, settle apart, before it is believed, and it did not stand still that long',
      }
    case 'write-document':
      return {
        rule: '3',
        text:
          seen.document === undefined
            ? `the row of version ${label(decision.version)} has no document`
            : `the row is newer: version ${label(decision.version)} over the document's ${label(seen.document.version)}`,
      }
    default:
      return towardsRow(rules, seen, decision, label)
  }
}

type Label = (version: number | undefined) => string

const unchanged = ({ document, row, label }: Observation, say: Label): Reason => {
  if (document !== undefined) {
    const told =
      label === undefined ? '; its entry has expired, and its cells were written in the time of the version' : ''
    return { rule: '9', text: `both sides hold version ${say(document.version)} with the same content${told}` }
  }
  return row === undefined
    ? { rule: '7', text: 'neither store holds it, and nothing follows from that: absence is never a delete' }
    : {
        rule: '2',
        text: 'there is no document, and no entry tells the version of the row: it is older than what windows look at',
      }
}

const held = (rules: Rules, seen: Observation, because: Extract<Decision, { kind: 'held' }>['because']): Reason => {
  const label = versionLabel(seen.label ?? seen.document?.version ?? 0, rules.unit)
  const from = (version: number | undefined, span: Micros): { until: Micros } => ({
    until: micros(version ?? 0, rules.unit) + span,
  })
  switch (because) {
    case 'row not visible yet':
      return {
        rule: '7',
        text: `the entry of version ${label} is there and its row is not yet: a batch becomes visible in parts`,
        ...from(seen.label, rules.overlap),
      }
    case 'content older than its entry':
      return {
        rule: '3',
        text: `the entry says version ${label}, the cells were written before (${at(seen.row?.writeTime)}): the row may still hold what was there before its batch`,
        ...from(seen.label, hold(rules)),
      }
    default:
      return {
        rule: '4',
        text: `the document's version is ${label}, and the row was written later (${at(seen.row?.writeTime)}): its own entry may still be landing`,
        until: (seen.row?.writeTime ?? 0) + hold(rules),
      }
  }
}

const towardsRow = (
  rules: Rules,
  { document, row, label: entry }: Observation,
  write: Extract<Decision, { kind: 'write-row' }>,
  label: Label,
): Reason => {
  const version = label(write.version)
  if (write.tie)
    return {
      rule: '5',
      text: `a tie: both sides have version ${version} with different content, and the document wins as a whole`,
    }
  if (row === undefined) return { rule: '4', text: `the document of version ${version} has no row` }
  if (entry === document?.version) {
    return {
      rule: '12',
      text: `the entry of version ${version} is there and the row still holds older content: it is completed`,
    }
  }
  const over = row.writeTime !== undefined && row.writeTime >= microsAfter(write.version, rules.unit)
  const late = over && write.bumped ? `, over cells that were written later, at ${at(row.writeTime)}` : ''
  const before =
    entry === undefined ? 'a row whose entry is older than what windows look at' : `the row's ${label(entry)}`
  return { rule: '4', text: `the document is newer: version ${version} over ${before}${late}` }
}

const isLogical = ({ unit }: Rules, { label, document }: Observation): boolean =>
  !isClock(label ?? document?.version ?? 0, unit)

const at = (time: Micros | undefined): string =>
  time === undefined ? 'a time that cannot be read' : new Date(time / 1_000).toISOString()
