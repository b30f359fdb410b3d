/** A delete is a state that travels; a record that is only gone from one store is never read as deleted. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.js'
import { idsOf } from '../support/ids.js'
import { openPair, silent, type PairFixture } from '../support/pair-fixture.js'

let pair: PairFixture
beforeAll(async () => {
  pair = await openPair({
    columns: 'vint int, deleted boolean',
    mappings: {
      properties: { timestamp: { type: 'long' }, vint: { type: 'integer' }, deleted: { type: 'boolean' } },
    },
    sync: { settle: '100ms', freshness: '1s', overlap: '4s', deletes: { field: 'deleted' } },
  })
})
afterAll(() => pair.close())

const now = (): number => Math.floor(Date.now() / 1_000)

const stateOf = async (id: string): Promise<object> => {
  const { vint, deleted } = (await pair.row(id)) ?? {}
  const document = await pair.document(id)
  return { document, row: { vint, deleted }, silent: silent((await pair.sync(0, 100)).report) }
}

/** Both sides hold the delete of this version, and nothing is left to do. */
const deletedAt = (version: number): object => ({
  document: { version, source: { deleted: true, timestamp: version } },
  row: { vint: null, deleted: true },
  silent: true,
})

/** Elasticsearch forgets that a document was ever there, as it does when it restarts. */
const forgetTombstones = async (): Promise<void> => {
  await pair.elasticsearch.indices.putSettings({ index: pair.name, settings: { 'index.gc_deletes': '0ms' } })
}

describe('a soft delete', () => {
  test('of a row reaches the document', async () => {
    const [id] = idsOf(1, 'row delete') as [string]
    await pair.batch(id, 10, { vint: 1, deleted: false })
    await pair.sync(0, 100)
    await pair.batch(id, 11, { vint: null, deleted: true })
    await pair.sync(0, 100)
    expect(await stateOf(id)).toEqual(deletedAt(11))
  })

  test('of a document reaches the row', async () => {
    const [id] = idsOf(1, 'document delete') as [string]
    await pair.index(id, 10, { vint: 1 })
    await pair.sync(0, 100)
    await pair.index(id, 11, { deleted: true })
    await pair.sync(0, 100)
    expect(await stateOf(id)).toEqual(deletedAt(11))
  })

  test('wins over an older write of the other side that was never synced', async () => {
    const [row, document] = idsOf(2, 'older write') as [string, string]
    await pair.index(row, 10, { vint: 1 })
    await pair.batch(row, 11, { deleted: true })
    await pair.batch(document, 10, { vint: 1 })
    await pair.index(document, 11, { deleted: true })
    await pair.sync(0, 100)
    expect(await stateOf(row)).toEqual(deletedAt(11))
    expect(await stateOf(document)).toEqual(deletedAt(11))
  })

  test('is not undone by an older row that lands late, over its cells', async () => {
    const [id] = idsOf(1, 'late row') as [string]
    await pair.index(id, 20, { deleted: true })
    await pair.sync(0, 100)
    await pair.batch(id, 15, { vint: 1, deleted: false })
    await pair.sync(0, 100)
    expect(await stateOf(id)).toEqual(deletedAt(20))
  })

  test('is not undone by an older document that Elasticsearch accepts because it has forgotten', async () => {
    const [id] = idsOf(1, 'forgotten') as [string]
    await pair.batch(id, 20, { deleted: true })
    await pair.sync(0, 100)
    await forgetTombstones()
    await pair.elasticsearch.delete({ index: pair.name, id })
    await eventually(async () => {
      await pair.elasticsearch.indices.refresh({ index: pair.name })
      await pair.index(id, 15, { vint: 1, deleted: false })
    })
    await pair.sync(0, 100)
    expect(await stateOf(id)).toEqual(deletedAt(20))
  })
})

describe('a document that is deleted for good', () => {
  test('is no delete: its row stays, and comes back as soon as Elasticsearch takes its version again', async () => {
    const [id] = idsOf(1, 'hard delete') as [string]
    await pair.elasticsearch.indices.putSettings({ index: pair.name, settings: { 'index.gc_deletes': '1h' } })
    await pair.batch(id, 30, { vint: 1 })
    await pair.sync(0, 100)
    await pair.elasticsearch.delete({ index: pair.name, id })

    // Elasticsearch holds the version of its delete against ours, for as long as it remembers.
    const { report } = await pair.sync(0, 100)
    expect(report).toMatchObject({ superseded: 1, rejected: 0, written: { elasticsearch: 0, cassandra: 0 } })
    expect(await pair.document(id)).toBeUndefined()
    expect(await pair.row(id)).toMatchObject({ vint: 1 })

    await forgetTombstones()
    await eventually(async () => {
      await pair.sync(0, 100)
      expect(await pair.document(id)).toEqual({ version: 30, source: { vint: 1, timestamp: 30 } })
    })
    expect(silent((await pair.sync(0, 100)).report)).toBe(true)
  })

  test('stays away while its version is in no window', async () => {
    const [id] = idsOf(1, 'outside') as [string]
    await forgetTombstones()
    await pair.batch(id, 40, { vint: 1 })
    await pair.sync(0, 100)
    await pair.elasticsearch.delete({ index: pair.name, id })
    expect(silent((await pair.sync(1_000, 1_100)).report)).toBe(true)
    expect(await pair.document(id)).toBeUndefined()
  })
})

describe('a row that is deleted for good', () => {
  test('is no delete: the document stays, and its next version brings the row back', async () => {
    const [id] = idsOf(1, 'hard row delete') as [string]
    const v = now() - 2
    await pair.index(id, v, { vint: 1 })
    await pair.sync(v, v + 1)
    await pair.cassandra.execute(`DELETE FROM ${pair.name}.data WHERE did = ${id}`)
    await pair.sync(v, v + 1)
    expect(await pair.document(id)).toMatchObject({ version: v, source: { vint: 1 } })

    const next = now() + 1
    await pair.index(id, next, { vint: 2 })
    await pair.sync(next, next + 1)
    expect(await pair.row(id)).toMatchObject({ vint: 2 })
    expect(silent((await pair.sync(next, next + 1)).report)).toBe(true)
  })
})
