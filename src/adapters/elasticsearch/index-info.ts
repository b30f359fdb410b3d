/** What has to be known about the index before anything is read or written: does it fit, and what may it hold. */
import type { Client, estypes } from '@elastic/elasticsearch'
import { CaesError } from '../../core/errors.js'
import type { Unit } from '../../core/version.js'
import { asked } from './asked.js'
import type { Attempt } from './errors.js'
import { overlap } from './field-path.js'
import { dateTimestamp, longTimestamp, type TimestampField } from './timestamp-field.js'

export interface IndexQuestion {
  /** An index, or an alias of exactly one. */
  readonly index: string
  readonly timestampField: string
  readonly unit: Unit
  /** Names of the document fields that the sync keeps equal to columns. */
  readonly mirrored: ReadonlySet<string>
}

export interface IndexInfo {
  readonly timestamp: TimestampField
  /** Fields of the mapping that the sync neither reads nor writes. */
  readonly unmirrored: readonly string[]
  /** Whether documents may hold fields that are not mirrored, known to the mapping or not: then writes must merge. */
  readonly mayHoldMore: boolean
  /** The largest page that the index gives. */
  readonly maxPage: number
  readonly primaries: number
}

/**
 * @throws CaesError CAES_SCHEMA_MISMATCH, with the request that would repair it, where the index does not fit
 */
export const readIndexInfo = async (
  client: Client,
  question: IndexQuestion,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<IndexInfo> => {
  const options = { signal, ignore: [404] }
  const found: estypes.IndicesGetResponse | { readonly error: unknown } = await asked(attempt, signal, () =>
    client.indices.get({ index: question.index, flat_settings: true }, options),
  )
  // 404 comes as a body because it is the one failure that has an answer here.
  if ('error' in found) throw mismatch(attempt, `the index "${question.index}" does not exist`, creation(question))
  return indexInfo(question, found, attempt.where)
}

/** The verdict on the answer of `GET /index?flat_settings`. */
export const indexInfo = (question: IndexQuestion, found: estypes.IndicesGetResponse, where: string): IndexInfo => {
  const [entry, ...others] = Object.entries(found)
  const refuse = (what: string, hint: string): CaesError => mismatch({ where }, `"${question.index}" ${what}`, hint)
  if (entry === undefined) throw mismatch({ where }, `the index "${question.index}" does not exist`, creation(question))
  if (others.length > 0) throw refuse('stands for several indices', 'Name one index, or an alias of exactly one.')
  const [name, state] = entry
  const { mappings = {} } = state
  // With flat_settings the names are whole paths, which the client's types do not know.
  const settings = (state.settings ?? {}) as Readonly<Record<string, unknown>>
  if (state.data_stream !== undefined) {
    throw refuse('is a data stream', 'External versions need an index: data streams only append.')
  }
  if (name !== question.index) checkAlias(state.aliases?.[question.index], refuse)
  checkSource(mappings, settings, refuse)
  const { _routing: routing } = mappings
  if (routing?.required === true) {
    throw refuse('requires routing', 'Documents must be reachable by their id alone: use an index without it.')
  }
  const unmirrored = unmirroredFields(question, mappings)
  return {
    timestamp: timestampOf(question, mappings, refuse),
    unmirrored,
    mayHoldMore: unmirrored.length > 0 || hidesFields(mappings, settings),
    maxPage: Number(settings['index.max_result_window'] ?? 10_000),
    primaries: Number(settings['index.number_of_shards'] ?? 1),
  }
}

type Refuse = (what: string, hint: string) => CaesError
type Mapping = estypes.MappingTypeMapping
type Property = estypes.MappingProperty

const mismatch = ({ where }: { readonly where: string }, what: string, hint: string): CaesError =>
  new CaesError('CAES_SCHEMA_MISMATCH', what, { hint, where })

const checkAlias = (alias: estypes.IndicesAlias | undefined, refuse: Refuse): void => {
  if (alias === undefined) throw refuse('is a pattern', 'Name one index, or an alias of exactly one.')
  if (alias.filter !== undefined)
    throw refuse('is an alias with a filter', 'It hides documents: name the index itself.')
  if (alias.index_routing !== undefined || alias.search_routing !== undefined) {
    throw refuse('is an alias with routing', 'It hides documents: name the index itself.')
  }
  if (alias.is_write_index === false) {
    throw refuse('is an alias that cannot be written to', 'Set is_write_index, or name the index itself.')
  }
}

/** A document must come back as it was written, or every reading looks like a change. */
const checkSource = (mapping: Mapping, settings: Readonly<Record<string, unknown>>, refuse: Refuse): void => {
  const { _source: kept = {} } = mapping
  const { enabled, mode, includes = [], excludes = [] } = kept
  if (enabled === false || mode === 'disabled' || includes.length + excludes.length > 0) {
    throw refuse(
      'does not keep whole documents',
      'Use an index with _source enabled, and without includes and excludes.',
    )
  }
  const synthetic =
    mode === 'synthetic' ||
    settings['index.mapping.source.mode'] === 'synthetic' ||
    (['logsdb', 'time_series'].includes(String(settings['index.mode'])) &&
      settings['index.mapping.source.mode'] !== 'stored')
  if (synthetic) {
    throw refuse('rebuilds documents from its columns (synthetic _source)', 'Use an index with stored _source.')
  }
}

const timestampOf = (
  { index, timestampField, unit }: IndexQuestion,
  mapping: Mapping,
  refuse: Refuse,
): TimestampField => {
  const property = propertyAt(mapping.properties, timestampField)
  const field = `timestampField "${timestampField}"`
  const hint = `Map it as long: PUT /${index}/_mapping ${JSON.stringify(timestampMapping(timestampField))}`
  const anew = 'A mapping cannot be changed: create a new index with it as long, and reindex.'
  if (property === undefined) throw refuse(`has no mapping for ${field}`, hint)
  if (property.type === 'long' || property.type === 'date') {
    if (property.doc_values === false) throw refuse(`cannot sort by ${field}, which has no doc_values`, anew)
    if (property.type === 'long') return longTimestamp(timestampField)
    const date = dateTimestamp(timestampField, property.format ?? 'strict_date_optional_time||epoch_millis', unit)
    if ('fault' in date) throw refuse(`cannot use ${field}: ${date.fault}`, anew)
    return date
  }
  throw refuse(`maps ${field} as ${property.type ?? 'object'}, not as long or date`, anew)
}

/** Follows objects only: inside a nested field a range of the document would find nothing. */
const propertyAt = (properties: Mapping['properties'], path: string): Property | undefined => {
  for (const [name, property] of Object.entries(properties ?? {})) {
    if (name === path) return property
    if (!path.startsWith(`${name}.`) || (property.type ?? 'object') !== 'object') continue
    const inner = 'properties' in property ? propertyAt(property.properties, path.slice(name.length + 1)) : undefined
    if (inner !== undefined) return inner
  }
  return undefined
}

/** The object around a timestamp at a path counts: it may hold anything beside it. */
const unmirroredFields = ({ timestampField, mirrored }: IndexQuestion, { properties = {} }: Mapping): string[] =>
  Object.entries(properties)
    // A field alias is a name for searching and never stands in a document.
    .filter(([name, { type }]) => name !== timestampField && !mirrored.has(name) && type !== 'alias')
    .map(([name]) => name)
    .filter((name) => ![...mirrored].some((each) => overlap(each, name)))

/** Whether documents may hold fields that the mapping does not list. */
const hidesFields = (mapping: Mapping, settings: Readonly<Record<string, unknown>>): boolean =>
  mapping.enabled === false ||
  ['false', 'runtime'].includes(String(mapping.dynamic ?? true)) ||
  String(settings['index.mapping.total_fields.ignore_dynamic_beyond_limit']) === 'true'

const timestampMapping = (path: string): object =>
  path.split('.').reduceRight<object>((inner, name) => ({ properties: { [name]: inner } }), { type: 'long' })

const creation = ({ index, timestampField }: IndexQuestion): string =>
  `Create it: PUT /${index} ${JSON.stringify({ mappings: timestampMapping(timestampField) })}`
