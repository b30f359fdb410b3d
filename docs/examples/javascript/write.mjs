// Writes one record on each side, as an application does that shares its data with caes-sync.
//
//   npm install @elastic/elasticsearch@8 cassandra-driver
//   ES_URL=http://127.0.0.1:9200 CASSANDRA=127.0.0.1:9042 node write.mjs
import { randomUUID } from 'node:crypto'
import { Client as Elasticsearch } from '@elastic/elasticsearch'
import cassandra from 'cassandra-driver'

const { INDEX = 'stream', KEYSPACE = 'logs' } = process.env
const { ES_URL = 'http://127.0.0.1:9200', CASSANDRA = '127.0.0.1:9042' } = process.env

/** Greater than any version that you know of the record; seconds, as in sync.unit. */
const nextVersion = (known = 0) => Math.max(Math.floor(Date.now() / 1000), known + 1)

/** True when it was stored, false when the index holds something newer: nothing to repeat then. */
const writeDocument = async (client, id, version, fields) => {
  try {
    await client.index({
      index: INDEX,
      id,
      version,
      version_type: 'external',
      document: { ...fields, timestamp: version },
    })
    return true
  } catch (error) {
    if (error.statusCode === 409) return false
    throw error
  }
}

/** Both tables in one logged batch. After a time-out send it again with the same version. */
const writeRow = (client, id, version, { user, message, deleted = false }) =>
  client.batch(
    [
      { query: 'INSERT INTO ts (id, timestamp, did) VALUES (?, ?, ?)', params: [0, version, id] },
      {
        query: 'INSERT INTO data (did, "user", message, deleted) VALUES (?, ?, ?, ?)',
        params: [id, user, message, deleted],
      },
    ],
    { prepare: true, logged: true, consistency: cassandra.types.consistencies.localQuorum },
  )

const elasticsearch = new Elasticsearch({ node: ES_URL })
const rows = new cassandra.Client({
  contactPoints: [CASSANDRA],
  localDataCenter: process.env.CASSANDRA_DC ?? 'datacenter1',
  keyspace: KEYSPACE,
})

const document = randomUUID()
const row = randomUUID()
await writeDocument(elasticsearch, document, nextVersion(), { user: 'ann', message: 'from JavaScript' })
const version = nextVersion()
await writeRow(rows, row, version, { user: 'bob', message: 'from JavaScript' })
// A delete is a state of the record, at a version of its own.
await writeRow(rows, row, nextVersion(version), { user: 'bob', message: null, deleted: true })

console.log(document, row)
await elasticsearch.close()
await rows.shutdown()
