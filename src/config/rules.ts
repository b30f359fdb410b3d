/**
 * Rules between keys. They look at the tree and not at the checked file, so that they are reported together with
 * everything else; a rule whose keys are themselves wrong stays silent.
 */
import { formatDuration } from './duration.js'
import { child, formatPath, nodeAt, type Node, type Path } from './nodes.js'
import { locate } from './positions.js'
import type { Findings } from './problems.js'
import { purgeGoesBothWays, purgeIsLate } from './purge-rules.js'
import { redisIsWhole } from './redis.js'
import { isWritten, pairPlaces, span, word, type PairPlace, type Setting } from './settings.js'

/** A file may consist of named pairs alone, so the schema cannot ask for the top level's blocks. */
const topLevelIsWhole = (root: Node, { problems }: Findings): void => {
  const wanted = [
    ['ElasticSearchConfig', '{ index: stream }'],
    ['CassandraConfig', '{ keyspace: logs, dataColumnFamily: data }'],
  ] as const
  for (const [block, keys] of wanted) {
    if (isWritten(child(root, block))) continue
    problems.push({ at: locate(root, [block], 'key'), what: `${block} is missing`, hint: `${block}: ${keys}` })
  }
}

const namesAreUnique = (root: Node, places: readonly PairPlace[], { problems }: Findings): void => {
  const seen = new Set<string>()
  for (const { base, name } of places) {
    const path = [...base, 'name']
    if (seen.has(name) && name !== '') {
      const whose = name === 'default' ? ', the top level' : ''
      const what = `${formatPath(path)}: there is another pair "${name}"${whose}`
      problems.push({ at: locate(root, path), what, hint: 'a name of its own for each pair' })
    }
    seen.add(name)
  }
}

const usersAreUnique = (root: Node, { problems }: Findings): void => {
  const users = nodeAt(root, ['http', 'users'])
  const seen = new Set<string>()
  for (const [index, user] of (users?.kind === 'sequence' ? users.items : []).entries()) {
    const name = child(user, 'name')
    if (name?.kind !== 'scalar') continue
    if (seen.has(name.text))
      problems.push({ at: name.at, what: `http.users[${index}].name: there is another user "${name.text}"` })
    seen.add(name.text)
  }
}

const show = ({ label, value }: Setting<number>) => `${label} (${formatDuration(value)})`

const durationsAgree = (root: Node, base: Path, { problems }: Findings): void => {
  const ofSync = (key: string) =>
    base.length > 0 ? span(root, [...base, 'sync', key], ['sync', key]) : span(root, ['sync', key])
  const interval = span(root, ['interval'])
  const ttl = span(root, [...base, 'CassandraConfig', 'ttl'])
  const [settle, overlap, freshness] = [ofSync('settle'), ofSync('overlap'), ofSync('freshness')]

  /** `a` is the key to blame if it is in the file; else it is `b`, since defaults agree with each other. */
  const rule = (
    a: Setting<number> | undefined,
    b: Setting<number> | undefined,
    broken: (a: number, b: number) => boolean,
    clause: string,
    hint: (a: number, b: number) => string,
  ) => {
    if (!a || !b || !broken(a.value, b.value)) return
    const { path } = a.written ? a : b
    problems.push({
      at: locate(root, path),
      what: `${show(a)} must be ${clause} ${show(b)}`,
      hint: hint(a.value, b.value),
    })
  }

  rule(
    ttl,
    interval,
    (a, b) => a <= b,
    'longer than',
    (_, b) => `ttl: ${formatDuration(Math.ceil(b / 1000) * 60_000)}`,
  )
  rule(
    overlap,
    ttl,
    (a, b) => a >= b,
    'shorter than',
    (a) => `ttl: ${formatDuration(Math.ceil(a / 1000) * 60_000)}, or a shorter overlap`,
  )
  rule(
    settle,
    freshness,
    (a, b) => a >= b,
    'shorter than',
    (a) => `freshness: ${formatDuration(a * 2)} and overlap: ${formatDuration(a * 8)}`,
  )
  rule(
    freshness,
    overlap,
    (a, b) => a * 4 > b,
    'at most a quarter of',
    (a, b) => `overlap: ${formatDuration(a * 4)}, or freshness: ${formatDuration(Math.floor(b / 4))}`,
  )
}

const unitFitsVersioning = (root: Node, base: Path, { problems }: Findings): void => {
  const versioning = word(root, [...base, 'CassandraConfig', 'versioning'])
  const unit = base.length > 0 ? word(root, [...base, 'sync', 'unit'], ['sync', 'unit']) : word(root, ['sync', 'unit'])
  if (versioning?.value !== 'writetime' || unit?.value !== 'us') return
  const what = `${unit.label} "us" cannot be used with ${versioning.label} "writetime", where a microsecond more is another version`
  problems.push({ at: locate(root, unit.path), what, hint: 'unit: ms' })
}

const namesDiffer = (root: Node, base: Path, { problems }: Findings): void => {
  const pairs = [
    ['timeseriesColumnFamily', 'dataColumnFamily'],
    ['dataIdFieldName', 'timeseriesIdFieldName'],
    ['timestampFieldName', 'timeseriesIdFieldName'],
    ['timestampFieldName', 'dataIdFieldName'],
  ] as const
  for (const [one, other] of pairs) {
    const [a, b] = [one, other].map((key) => word(root, [...base, 'CassandraConfig', key]))
    if (!a || !b || a.value !== b.value) continue
    const { path } = a.written ? a : b
    problems.push({
      at: locate(root, path),
      what: `${a.label} and ${b.label} are both "${a.value}"`,
      hint: 'two names',
    })
  }
}

const excludeIsHeard = (root: Node, base: Path, { warnings }: Findings): void => {
  const [include, exclude] = ['include', 'exclude'].map((key) => [...base, 'ElasticSearchConfig', key])
  if (!include || !exclude || !isWritten(nodeAt(root, include)) || !isWritten(nodeAt(root, exclude))) return
  warnings.push({ at: locate(root, exclude, 'key'), what: `${formatPath(exclude)} has no effect beside include` })
}

/** Two pairs on one table or index would each undo what the other does. */
const pairsAreApart = (root: Node, places: readonly PairPlace[], { warnings }: Findings): void => {
  const owners = new Map<string, string>()
  for (const { base, name } of places) {
    const keyspace = word(root, [...base, 'CassandraConfig', 'keyspace'])?.value ?? ''
    const claim = (path: Path, prefix: string) => {
      const target = word(root, path)
      if (!target) return
      const what = `${prefix}${target.value}`
      const owner = owners.get(what)
      owners.set(what, name)
      if (owner === undefined) return
      warnings.push({ at: locate(root, path), what: `the pairs "${owner}" and "${name}" share the ${what}` })
    }
    claim([...base, 'ElasticSearchConfig', 'index'], 'index ')
    claim([...base, 'CassandraConfig', 'dataColumnFamily'], `table ${keyspace}.`)
    claim([...base, 'CassandraConfig', 'timeseriesColumnFamily'], `table ${keyspace}.`)
  }
}

export const checkRules = (root: Node, findings: Findings): void => {
  const places = pairPlaces(root)
  if (places[0]?.base.length === 0) topLevelIsWhole(root, findings)
  namesAreUnique(root, places, findings)
  usersAreUnique(root, findings)
  redisIsWhole(root, findings)
  for (const { base } of places) {
    durationsAgree(root, base, findings)
    unitFitsVersioning(root, base, findings)
    purgeIsLate(root, base, findings)
    purgeGoesBothWays(root, base, findings)
    namesDiffer(root, base, findings)
    excludeIsHeard(root, base, findings)
  }
  pairsAreApart(root, places, findings)
}
