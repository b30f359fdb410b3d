/** What was deleted long ago goes from both stores for good, and stays away. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { purge, type PurgeReport, type PurgeablePair } from '../../src/sync/purge.js'
import { eventually } from '../support/eventually.js'
import { idsOf } from '../support/ids.js'
import { openPair, silent, type PairFixture } from '../support/pair-fixture.js'

const hour = 3_600
const purgeRules = { field: 'deleted', after: 2 * hour * 1_000_000 }
const live = new AbortController().signal
const now = (): number => Math.floor(Date.now() / 1_000)
/** Old enough to be purged. */
const longAgo = now() - 5 * hour

describe.each(['timeseries', 'writetime'] as const)('versioning %s', (versioning) => {
  let fixture: PairFixture
  beforeAll(async () => {
    fixture = await openPair({
      columns: 'vint int, deleted boolean',
      mappings: {
        properties: { timestamp: { type: 'long' }, vint: { type: 'integer' }, deleted: { type: 'boolean' } },
      },
      cassandraConfig: { versioning },
      sync: { settle: '100ms', freshness: '1s', overlap: '4s' },
    })
  })
  afterAll(() => fixture.close())

  const purged = (pair: PurgeablePair = fixture.pair, dryRun = false): Promise<PurgeReport> =>
    purge(pair, purgeRules, { signal: live, dryRun })
  /** A document of long ago, and the row that a window makes of it: its cells are as old as its version. */
  const deleteLongAgo = async (id: string, version = longAgo): Promise<void> => {
    await fixture.index(id, version, { deleted: true })
    await fixture.sync(version, version + 1)
  }
  const stateOf = async (id: string) => ({ document: await fixture.document(id), row: await fixture.row(id) })
  const gone = { document: undefined, row: undefined }

  test('an old delete goes from both stores, and everything else stays', async () => {
    const [old, kept, young] = idsOf(3, `${versioning} purge`) as [string, string, string]
    await deleteLongAgo(old)
    await fixture.index(kept, longAgo + 1, { vint: 1 })
    await fixture.sync(longAgo + 1, longAgo + 2)
    await deleteLongAgo(young, now() - hour)

    expect(await purged(fixture.pair, true)).toMatchObject({ read: 1, purged: 1, kept: 0 })
    expect(await purged()).toMatchObject({ read: 1, purged: 1, kept: 0 })

    expect(await stateOf(old)).toEqual(gone)
    expect(await stateOf(kept)).toMatchObject({ document: { version: longAgo + 1 }, row: { vint: 1 } })
    expect(await stateOf(young)).toMatchObject({ document: { source: { deleted: true } }, row: { deleted: true } })
    expect(await purged()).toMatchObject({ read: 0 })
  })

  test('it stays away when its windows run once more, also after Elasticsearch has restarted', async () => {
    const [id] = idsOf(1, `${versioning} restart`) as [string]
    await deleteLongAgo(id, longAgo + 10)
    await purged()
    for (const restarts of [false, true]) {
      // A closed index loses what it knew of deleted documents, as in a restart of the server.
      if (restarts) {
        await fixture.elasticsearch.indices.close({ index: fixture.name })
        await fixture.elasticsearch.indices.open({ index: fixture.name })
        await fixture.elasticsearch.cluster.health({ index: fixture.name, wait_for_status: 'green' })
      }
      const { report } = await fixture.sync(longAgo, longAgo + 20)
      expect(report).toMatchObject({ written: { elasticsearch: 0, cassandra: 0 }, superseded: 0 })
      expect(await stateOf(id)).toEqual(gone)
    }
  })

  test('a window that read the document before the purge writes a row that nobody sees', async () => {
    const [id] = idsOf(1, `${versioning} in between`) as [string]
    const version = longAgo + 30
    // As after a purge that was interrupted: the document is there, the row is not, and a window writes it anew.
    await fixture.index(id, version, { deleted: true })
    const { pair } = fixture
    const slow: PurgeablePair = {
      ...pair,
      documents: documentsOf(pair, async (removals, signal) => {
        await fixture.sync(version, version + 1)
        return await pair.documents.remove(removals, signal)
      }),
    }
    expect(await purged(slow)).toMatchObject({ purged: 1 })
    expect(await stateOf(id)).toEqual(gone)
  })

  test('a newer document that comes in between survives on both sides', async () => {
    const [id] = idsOf(1, `${versioning} document`) as [string]
    await deleteLongAgo(id, longAgo + 40)
    const version = now()
    const { pair } = fixture
    const slow: PurgeablePair = {
      ...pair,
      documents: documentsOf(pair, async (removals, signal) => {
        await fixture.index(id, version, { vint: 7 })
        return await pair.documents.remove(removals, signal)
      }),
    }
    expect(await purged(slow)).toMatchObject({ purged: 0, kept: 1 })
    await fixture.sync(version, version + 1)
    expect(await stateOf(id)).toMatchObject({
      document: { version, source: { vint: 7 } },
      row: { vint: 7, deleted: null },
    })
    expect(silent((await fixture.sync(version, version + 1)).report)).toBe(true)
  })

  test('a newer row that comes in between survives on both sides', async () => {
    const [id] = idsOf(1, `${versioning} row`) as [string]
    await deleteLongAgo(id, longAgo + 50)
    const version = now()
    const { pair } = fixture
    const slow: PurgeablePair = {
      ...pair,
      documents: documentsOf(pair, async (removals, signal) => {
        await fixture.batch(id, version, { vint: 8, deleted: null })
        return await pair.documents.remove(removals, signal)
      }),
    }
    expect(await purged(slow)).toMatchObject({ purged: 1 })
    await eventually(async () => {
      await fixture.sync(version, version + 1)
      expect(await stateOf(id)).toMatchObject({ document: { version, source: { vint: 8 } }, row: { vint: 8 } })
    })
  })
})

/** The documents of a pair with another way to remove them. */
const documentsOf = (
  { documents }: PurgeablePair,
  remove: PurgeablePair['documents']['remove'],
): PurgeablePair['documents'] => ({
  openView: (ranges, signal) => documents.openView(ranges, signal),
  openViewOf: (field, range, signal) => documents.openViewOf(field, range, signal),
  getMany: (ids, signal) => documents.getMany(ids, signal),
  write: (writes, maySend, signal) => documents.write(writes, maySend, signal),
  remove,
})
