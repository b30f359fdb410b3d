/** Builds the node tree from YAML: aliases, merge keys, interpolation; whatever is wrong is collected with its place. */
import {
  EVENT_ID,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
  type Event,
  type MappingEvent,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml'
import { CaesError } from '../core/errors.js'
import { interpolate, type Environment } from './interpolate.js'
import { faulty, type MappingNode, type Node, type ScalarNode } from './nodes.js'
import { formatOrigin, type Origin } from './origin.js'
import { positionsIn } from './positions.js'
import type { Problem } from './problems.js'
import { isMergeKey, isPlainCollection, readPlain, readTagged } from './pyyaml.js'

export interface Source {
  readonly text: string
  /** The name that positions carry. */
  readonly name: string
  /** Absent: `${…}` is left as it is. */
  readonly env?: Environment
  /** One place for everything, for text that does not come from a file. */
  readonly at?: Origin
}

const none = -1

/** Where a node begins for a reader: at its tag, its anchor, its quote. */
const startOf = (event: ScalarEvent | SequenceEvent | MappingEvent): number => {
  const properties = [event.tagStart, event.anchorStart - 1].filter((offset) => offset >= 0)
  if (properties.length > 0) return Math.min(...properties)
  if (event.type !== EVENT_ID.SCALAR) return event.start
  const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED
  return quoted ? event.valueStart - 1 : event.valueStart
}

const readEvents = ({ text, name, at }: Source, position: (offset: number) => Origin): Event[] => {
  try {
    return parseEvents(text, { filename: name })
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const where = formatOrigin(at ?? position(error.mark?.position ?? 0))
    throw new CaesError('CAES_CONFIG_SYNTAX', `${where}: not valid YAML: ${error.reason}`, {
      where,
      hint: 'check indentation (spaces only), quotes and brackets at and just before this place',
    })
  }
}

/**
 * The root node, or undefined for an empty text. Problems are added to `problems`.
 * Errors: CAES_CONFIG_SYNTAX when the text is not YAML at all.
 */
export const compose = (source: Source, problems: Problem[]): Node | undefined => {
  const { text, env } = source
  const inFile = positionsIn(text, source.name)
  const position = (offset: number): Origin => source.at ?? inFile(offset)
  const events = readEvents(source, inFile)
  const anchors = new Map<string, Node | 'open'>()
  let cursor = 0
  /** Where an empty value belongs: it has no place of its own, so its key's is taken. */
  let lastKey = position(0)

  const problem = (at: Origin, what: string, hint?: string): void => {
    problems.push(hint === undefined ? { at, what } : { at, what, hint })
  }

  const readScalar = (event: ScalarEvent): ScalarNode => {
    const offset = startOf(event)
    const at = offset < 0 ? lastKey : position(offset)
    const written = getScalarValue(text, event)
    const filled = env ? interpolate(written, env) : { text: written, from: [], whole: false }
    if ('fault' in filled) {
      problem(at, filled.fault, filled.hint)
      return faulty(at)
    }
    const scalar = { kind: 'scalar', at, text: filled.text, from: filled.from } as const
    if (event.tagStart !== none) {
      const tag = text.slice(event.tagStart, event.tagEnd)
      const tagged = readTagged(tag, filled.text)
      if (!tagged) problem(at, `the tag ${tag} is unknown or does not fit its value`, 'leaving the tag out')
      return { ...scalar, value: tagged ? tagged.value : filled.text }
    }
    // A value made of a literal and a variable stays the text that it would be if the variable's value stood there quoted.
    const rereads = filled.whole || (event.style === SCALAR_STYLE.PLAIN && filled.from.length === 0)
    return { ...scalar, value: rereads ? readPlain(filled.text) : filled.text }
  }

  const merge = (target: MappingNode, given: Set<string>, from: Node, at: Origin): void => {
    const sources = from.kind === 'sequence' ? from.items : [from]
    for (const source of sources) {
      if (source.kind !== 'mapping') {
        problem(at, '"<<" can only merge a mapping or a list of mappings', '<<: *name')
        continue
      }
      // Earlier sources win over later ones, and a key that is written out wins over both, wherever it stands.
      for (const [key, entry] of source.entries) {
        if (!given.has(key) && !target.entries.has(key)) target.entries.set(key, { ...entry })
      }
    }
  }

  const readKey = (event: Event | undefined): { key: string | undefined; at: Origin; plain: boolean } => {
    if (event?.type !== EVENT_ID.SCALAR) {
      const at =
        event?.type === EVENT_ID.ALIAS
          ? position(event.anchorStart - 1)
          : event && 'start' in event
            ? position(event.start)
            : lastKey
      problem(at, 'a key must be plain text')
      readNode()
      return { key: undefined, at, plain: false }
    }
    cursor++
    const offset = startOf(event)
    const at = offset < 0 ? lastKey : position(offset)
    const key = getScalarValue(text, event)
    if (event.anchorStart !== none)
      anchors.set(text.slice(event.anchorStart, event.anchorEnd), {
        kind: 'scalar',
        at,
        value: key,
        text: key,
        from: [],
      })
    return { key, at, plain: event.style === SCALAR_STYLE.PLAIN }
  }

  const readMapping = (at: Origin): MappingNode => {
    const mapping: MappingNode = { kind: 'mapping', at, entries: new Map() }
    const given = new Set<string>()
    while (events[cursor]?.type !== EVENT_ID.POP) {
      const { key, at: keyAt, plain } = readKey(events[cursor])
      lastKey = keyAt
      const value = readNode()
      if (key === undefined) continue
      if (plain && isMergeKey(key)) merge(mapping, given, value, keyAt)
      else if (key === '__proto__') problem(keyAt, 'the key "__proto__" is not allowed')
      else if (given.has(key)) problem(keyAt, `the key "${key}" is given twice in this block`, 'removing one of them')
      else {
        given.add(key)
        // Deleted first so that the order of keys stays that of the file, whatever a merge has put there.
        mapping.entries.delete(key)
        mapping.entries.set(key, { keyAt, value })
      }
    }
    cursor++
    return mapping
  }

  const readCollection = (event: SequenceEvent | MappingEvent): Node => {
    const at = position(startOf(event))
    const kind = event.type === EVENT_ID.MAPPING ? 'mapping' : 'sequence'
    if (event.tagStart !== none) {
      const tag = text.slice(event.tagStart, event.tagEnd)
      if (!isPlainCollection(tag, kind)) problem(at, `the tag ${tag} is not supported here`, 'leaving the tag out')
    }
    if (kind === 'mapping') return readMapping(at)
    const items: Node[] = []
    while (events[cursor]?.type !== EVENT_ID.POP) items.push(readNode())
    cursor++
    return { kind, at, items }
  }

  const readAlias = (start: number, end: number): Node => {
    const name = text.slice(start, end)
    const known = anchors.get(name)
    if (known !== undefined && known !== 'open') return known
    const at = position(start - 1)
    problem(
      at,
      known === 'open' ? `the alias *${name} contains itself` : `there is no anchor &${name} before this alias`,
    )
    return faulty(at)
  }

  const readNode = (): Node => {
    const event = events[cursor++]
    if (event?.type === EVENT_ID.ALIAS) return readAlias(event.anchorStart, event.anchorEnd)
    if (event?.type !== EVENT_ID.SCALAR && event?.type !== EVENT_ID.SEQUENCE && event?.type !== EVENT_ID.MAPPING) {
      throw new CaesError('CAES_INTERNAL', `unexpected YAML event at ${cursor} in ${source.name}`)
    }
    const anchor = event.anchorStart === none ? undefined : text.slice(event.anchorStart, event.anchorEnd)
    if (anchor !== undefined) anchors.set(anchor, 'open')
    const node = event.type === EVENT_ID.SCALAR ? readScalar(event) : readCollection(event)
    if (anchor !== undefined) anchors.set(anchor, node)
    return node
  }

  if (events.length === 0) return undefined
  cursor = 1
  const root = readNode()
  cursor++
  const second = events
    .slice(cursor)
    .find((event) => 'start' in event || ('valueStart' in event && event.valueStart >= 0))
  if (second) {
    const at = position('start' in second ? second.start : 'valueStart' in second ? second.valueStart : 0)
    problem(at, 'a second YAML document begins here', 'keeping one document in the file')
  }
  return root
}
