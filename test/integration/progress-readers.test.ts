/** Those who only look read progress and pauses without making tables. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCheckpointReader, openCheckpointStore } from '../../src/adapters/cassandra/checkpoint-store.js'
import { openPauseReader, openPauseStore } from '../../src/adapters/cassandra/pause-store.js'
import { readKeyspaceColumns } from '../../src/adapters/cassandra/table-columns.js'
import { testKeyspace, type TestKeyspace } from '../support/cassandra.js'

let keyspace: TestKeyspace
beforeAll(async () => {
  keyspace = await testKeyspace()
})
afterAll(() => keyspace.drop())

test('where nothing ever ran there is nothing, and nothing is made', async () => {
  const { client, name } = keyspace
  expect(await openCheckpointReader(client, name).read('default')).toBeUndefined()
  expect(await openPauseReader(client, name).read('default')).toBeUndefined()
  expect([...(await readKeyspaceColumns(client, name)).keys()]).toEqual([])
})

test('a reader that was there before the tables finds what is written later', async () => {
  const { client, name } = keyspace
  const progress = openCheckpointReader(client, name)
  const pauses = openPauseReader(client, name)
  expect(await progress.read('default')).toBeUndefined()
  expect(await pauses.read('default')).toBeUndefined()
  await (await openCheckpointStore(client, name)).create('default', { watermark: 7, acknowledged: [] })
  await (await openPauseStore(client, name)).pause('default', { since: 1, who: 'ann' })
  expect((await progress.read('default'))?.progress.watermark).toBe(7)
  expect(await pauses.read('default')).toEqual({ since: 1, who: 'ann' })
})
