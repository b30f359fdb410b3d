/** The script that one would write for a copy of everything, with the helpers that come with the drivers. */
import cassandra, { type Client as Cassandra } from 'cassandra-driver'
import { columnNames, fieldsOf, recordOf, valuesOf, type Source } from './records.js'
import { insertEntry, insertRow, type Clients, type Names } from './stores.js'

/** Scrolls through the index and inserts each document; resolves to how many. */
export const scrollAndInsert = async (
  { elasticsearch, cassandra: client }: Clients,
  { index, keyspace }: Names,
): Promise<number> => {
  const [entry, row] = [insertEntry(keyspace), insertRow(keyspace)]
  let written = 0
  for await (const { body } of elasticsearch.helpers.scrollSearch<Source>({ index, size: 1_000, sort: ['_doc'] })) {
    const inserts = body.hits.hits.flatMap((hit) => {
      const record = recordOf(hit._id!, hit._source!)
      return [
        { query: entry, params: [0, record.version, record.id] },
        { query: row, params: [record.id, ...valuesOf(record)] },
      ]
    })
    await cassandra.concurrent.executeConcurrent(client, inserts)
    written += body.hits.hits.length
  }
  return written
}

/** Streams the table into bulk requests, under the versions that the write times of the cells tell. */
export const streamAndBulk = async (
  { elasticsearch, cassandra: client }: Clients,
  { index, keyspace }: Names,
): Promise<number> => {
  const { total, successful } = await elasticsearch.helpers.bulk({
    datasource: rowsOf(client, keyspace),
    onDocument: ({ id, ...source }) => [
      { index: { _index: index, _id: id, version: source.timestamp, version_type: 'external' } },
      source,
    ],
    onDrop: ({ error }) => {
      throw new Error(`Elasticsearch did not take a document: ${error?.reason ?? 'no reason given'}`)
    },
  })
  if (successful !== total) throw new Error(`${total - successful} documents were not taken`)
  return total
}

async function* rowsOf(client: Cassandra, keyspace: string) {
  const cql = `SELECT did, ${columnNames.join(', ')}, WRITETIME(title) AS written FROM ${keyspace}.data`
  // A readable stream, which the driver declares as an emitter.
  const rows = client.stream(cql, [], {
    prepare: true,
    fetchSize: 1_000,
  }) as unknown as AsyncIterable<cassandra.types.Row>
  for await (const row of rows) {
    yield { ...fieldsOf(row), id: String(row['did']), timestamp: Math.floor(Number(row['written']) / 1e6) }
  }
}
