import { openCheckpointStore } from '../../src/adapters/cassandra/checkpoint-store.js'
import { openPauseStore } from '../../src/adapters/cassandra/pause-store.js'
import { openRowStore } from '../../src/adapters/cassandra/row-store.js'
import { toDriver } from '../../src/adapters/cassandra/values.js'
import { countingSession, createTables, originalStore, testKeyspace } from '../support/cassandra.js'
import { keepingLogger } from '../support/keeping-logger.js'
import { rowColumns, rowColumnsCql } from '../support/row-columns.js'
import { describeCheckpointStore } from './checkpoint-store.js'
import { openRunStore } from '../../src/adapters/cassandra/run-store.js'
import { describePauseStore } from './pause-store.js'
import { describeRunStore } from './run-store.js'
import { describeRowPurge } from './row-purge.js'
import { describeRowScan } from './row-scan.js'
import { describeRowStore, type MakeRowStore } from './row-store.js'

const cassandraRows: MakeRowStore = async ({ buckets, bigVersions }) => {
  const keyspace = await testKeyspace()
  const { client } = keyspace
  await createTables(
    keyspace,
    `CREATE TABLE ts (id int, timestamp ${bigVersions ? 'bigint' : 'int'}, did uuid, PRIMARY KEY (id, timestamp, did))`,
    `CREATE TABLE data (did uuid PRIMARY KEY, ${rowColumnsCql})`,
  )
  const { session, requests } = countingSession(client)
  const store = await openRowStore(
    session,
    { ...originalStore(keyspace.name), timeseriesBuckets: buckets },
    keepingLogger(),
  )
  const prepared = { prepare: true }
  return {
    store,
    client: {
      entry: async (id, version, bucket = 0) => {
        const stamp = bigVersions ? BigInt(version) : version
        await client.execute('INSERT INTO ts (id, timestamp, did) VALUES (?, ?, ?)', [bucket, stamp, id], prepared)
      },
      row: async (id, cells, writeTime) => {
        const written = rowColumns.filter(({ name }) => Object.hasOwn(cells, name))
        const names = ['did', ...written.map(({ name }) => name)]
        const values = written.map(({ name, type }) => toDriver(cells[name], type))
        await client.execute(
          `INSERT INTO data (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')}) USING TIMESTAMP ?`,
          [id, ...values, BigInt(writeTime)],
          prepared,
        )
      },
    },
    requests,
    close: () => keyspace.drop(),
  }
}

describeRowStore('Cassandra', cassandraRows)
describeRowScan('Cassandra', cassandraRows)
describeRowPurge('Cassandra', cassandraRows)

describeCheckpointStore('Cassandra', async () => {
  const keyspace = await testKeyspace()
  return { store: await openCheckpointStore(keyspace.client, keyspace.name), close: () => keyspace.drop() }
})

describePauseStore('Cassandra', async () => {
  const keyspace = await testKeyspace()
  return { store: await openPauseStore(keyspace.client, keyspace.name), close: () => keyspace.drop() }
})

describeRunStore('Cassandra', async () => {
  const keyspace = await testKeyspace()
  return { store: await openRunStore(keyspace.client, keyspace.name), close: () => keyspace.drop() }
})
