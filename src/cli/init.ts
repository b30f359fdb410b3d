/** `caes-sync init`: a first configuration, and what has to be there for it. Never overwrites without being told to. */
import { existsSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Client as CassandraClient } from 'cassandra-driver'
import type { Client as ElasticsearchClient } from '@elastic/elasticsearch'
import { connectCassandra } from '../adapters/cassandra/client.js'
import { cqlColumnType, readUserTypes } from '../adapters/cassandra/cql-type.js'
import { attempt } from '../adapters/cassandra/errors.js'
import { readKeyspaceColumns } from '../adapters/cassandra/table-columns.js'
import { connectElasticsearch } from '../adapters/elasticsearch/client.js'
import { requestError } from '../adapters/elasticsearch/errors.js'
import { withoutCredentials } from '../adapters/elasticsearch/wording.js'
import type { Column } from '../core/column.js'
import { CaesError, exitCode } from '../core/errors.js'
import { configTemplate, indexBody, tableStatements, type PairNames } from '../core/scaffold.js'
import type { Logger } from '../ports/logger.js'
import { createReleases } from '../runtime/releases.js'
import type { GlobalOptions } from './global-options.js'
import { answer } from './session.js'

export interface InitOptions {
  readonly output: string
  readonly elasticsearch: string
  readonly cassandra: string
  readonly redis: string
  readonly index: string
  readonly keyspace: string
  readonly table: string
  readonly timeseries: string
  readonly apply?: boolean
  readonly force?: boolean
}

const quiet: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const requestTimeoutMs = 12_000

export const init = async (options: InitOptions, global: GlobalOptions): Promise<number> => {
  const file = resolve(options.output)
  if (existsSync(file) && options.force !== true) {
    throw new CaesError('CAES_USAGE', `${file} exists already`, {
      where: file,
      hint: 'Name another file with --output, or overwrite it with --force.',
    })
  }
  const names: PairNames = {
    index: options.index,
    keyspace: options.keyspace,
    dataTable: options.table,
    timeseriesTable: options.timeseries,
  }
  const cassandra = endpointOf(options.cassandra)
  const releases = createReleases(quiet)
  try {
    const client = connectElasticsearch({ nodes: [options.elasticsearch], requestTimeoutMs })
    releases.add('Elasticsearch', () => client.close())
    const session = await connectCassandra({ contactPoints: [cassandra.host], port: cassandra.port, requestTimeoutMs })
    releases.add('Cassandra', () => session.shutdown())
    const plan = await planFrom(names, client, session)
    if (options.apply === true) await make(plan, names, client, session)
    // Addresses may hold passwords, and more will be written into it.
    const text = configTemplate(names, { elasticsearch: options.elasticsearch, cassandra, redis: options.redis })
    writeFileSync(file, text, { mode: 0o600 })
    const data = {
      file,
      applied: options.apply === true,
      statements: plan.statements,
      index: plan.body === undefined ? null : { name: names.index, body: plan.body },
    }
    answer(global, data, describe(plan, names, file, options))
    return exitCode.done
  } finally {
    await releases.run()
  }
}

const endpointOf = (written: string): { readonly host: string; readonly port: number } => {
  const [, host, port = '9042'] = /^([^:\s]+)(?::(\d{1,5}))?$/.exec(written) ?? []
  if (host !== undefined) return { host, port: Number(port) }
  throw new CaesError('CAES_USAGE', `--cassandra: "${written}" is not an address`, {
    hint: 'Give host:port, such as 127.0.0.1:9042.',
  })
}

interface Plan {
  /** Undefined where the index exists. */
  readonly body: ReturnType<typeof indexBody> | undefined
  /** Only for what does not exist. */
  readonly statements: readonly string[]
}

const planFrom = async (names: PairNames, client: ElasticsearchClient, session: CassandraClient): Promise<Plan> => {
  const { keyspace, dataTable, timeseriesTable } = names
  const setup = { doing: 'reading the schema', where: `keyspace ${keyspace}` }
  const tables = await attempt(setup, () => readKeyspaceColumns(session, keyspace))
  const userTypes = await attempt(setup, () => readUserTypes(session, keyspace))
  const columns: Column[] = (tables.get(dataTable) ?? [])
    .filter(({ kind, name }) => kind === 'regular' && name !== 'timestamp')
    .map(({ name, type }) => ({ name, type: cqlColumnType(type, name, userTypes) }))
  const fields = await mappedFields(names.index, client)
  const [space, timeseries, data] = tableStatements(names, fields ?? new Map(), Math.min(3, session.hosts.length))
  const statements = [
    ...(tables.size === 0 ? [space!] : []),
    ...(tables.has(timeseriesTable) ? [] : [timeseries!]),
    ...(tables.has(dataTable) ? [] : [data!]),
  ]
  return { body: fields === undefined ? indexBody(columns) : undefined, statements }
}

/** The types of the index's fields; undefined where there is no such index. */
const mappedFields = async (
  index: string,
  client: ElasticsearchClient,
): Promise<ReadonlyMap<string, string> | undefined> => {
  const found = await asking(index, () => client.indices.getMapping({ index }, { ignore: [404] }))
  const { properties = {} } = Object.values(found)[0]?.mappings ?? {}
  if (!Object.values(found).some((each) => typeof each === 'object' && 'mappings' in each)) return undefined
  return new Map(
    Object.entries(properties)
      .filter(([name]) => name !== 'timestamp')
      .map(([name, { type }]) => [name, type ?? 'object']),
  )
}

const make = async (
  { body, statements }: Plan,
  { index, keyspace }: PairNames,
  client: ElasticsearchClient,
  session: CassandraClient,
): Promise<void> => {
  for (const cql of statements) {
    await attempt({ doing: 'making the tables', where: `keyspace ${keyspace}` }, () =>
      session.execute(cql, [], { isIdempotent: true }),
    )
  }
  if (body !== undefined) await asking(index, () => client.indices.create({ index, ...(body as object) }))
}

const asking = async <T>(index: string, ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask()
  } catch (error) {
    throw requestError(error, { doing: 'looking at the index', where: `index "${index}"` })
  }
}

/** With a name in the address curl asks for the password; nobody else is told it. */
const curlPlace = (elasticsearch: string, index: string): string => {
  const { username } = new URL(elasticsearch)
  const user = username === '' ? '' : ` -u '${decodeURIComponent(username)}'`
  return `'${withoutCredentials(elasticsearch)}/${index}'${user}`
}

const describe = (
  { body, statements }: Plan,
  { index }: PairNames,
  file: string,
  { elasticsearch, apply = false }: InitOptions,
): string => {
  const request =
    body === undefined
      ? []
      : [
          `curl -XPUT ${curlPlace(elasticsearch, index)} -H 'content-type: application/json' -d '${JSON.stringify(body)}'`,
        ]
  const needed = [...statements.map((cql) => `${cql};`), ...request]
  const state =
    needed.length === 0 ? 'tables and index exist already' : apply ? 'made:' : 'to be made (with --apply, or by hand):'
  return [`wrote ${file}`, state, ...needed.map((each) => `  ${each}`), `next: caes-sync validate -c ${file}`].join(
    '\n',
  )
}
