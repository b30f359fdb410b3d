/** The story of each kind of record on the real servers, and that telling it changes nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { explainRecord } from '../../src/sync/explain-record.js'
import { idsOf } from '../support/ids.js'
import { openPair, type PairFixture } from '../support/pair-fixture.js'

const now = () => Math.floor(Date.now() / 1_000)
const never = new AbortController().signal

describe('a record', () => {
  let pair: PairFixture
  beforeAll(async () => {
    pair = await openPair({ sync: { overlap: '60s', freshness: '10s' } })
  })
  afterAll(() => pair.close())
  const explain = (id: string) => explainRecord(pair.pair, id, never)
  /** A row written at a time of its own, and an entry, as a torn or late batch leaves them. */
  const row = (id: string, micros: number, vint: number) =>
    pair.cassandra.execute(
      `INSERT INTO ${pair.name}.data (did, vint) VALUES (${id}, ${vint}) USING TIMESTAMP ${micros}`,
    )
  const entry = (id: string, version: number) =>
    pair.cassandra.execute(`INSERT INTO ${pair.name}.ts (id, timestamp, did) VALUES (0, ${version}, ${id})`)

  test('that is a tie shows both contents, and the document wins by rule 5', async () => {
    const [id] = idsOf(1, 'explained tie') as [string]
    const v = now() - 5
    await pair.index(id, v, { vint: 9, vstring: 'same' })
    await row(id, v * 1_000_000, 1)
    await pair.cassandra.execute(
      `UPDATE ${pair.name}.data USING TIMESTAMP ${v * 1_000_000} SET vstring = 'same' WHERE did = ${id}`,
    )
    await entry(id, v)
    const story = await explain(id)
    expect(story).toMatchObject({
      version: v,
      document: { version: v, stamp: v },
      row: { writeTime: v * 1_000_000 },
      entries: [v],
      fields: [
        { name: 'vint', elasticsearch: 9, cassandra: 1, differs: true },
        { name: 'vstring', elasticsearch: 'same', cassandra: 'same', differs: false },
      ],
      next: { kind: 'write-row', rule: '5', rejects: [] },
    })
    expect(story.next.text).toMatch(/^a tie: both sides have version .* with different content/)
    // It was only told, not done.
    expect(await pair.row(id)).toMatchObject({ vint: 1 })
  })

  test('whose row is not there yet is held until the overlap is over, and then orphaned', async () => {
    const [held, orphaned] = idsOf(2, 'explained entries') as [string, string]
    const v = now() - 10
    await entry(held, v)
    await entry(orphaned, now() - 100)
    expect(await explain(held)).toMatchObject({
      document: undefined,
      row: undefined,
      next: { kind: 'held', rule: '7', until: (v + 60) * 1_000_000 },
    })
    expect((await explain(orphaned)).next).toMatchObject({ kind: 'orphaned', rule: '7' })
  })

  test('whose cells are older than its entry is held for half the overlap', async () => {
    const [id] = idsOf(1, 'explained torn') as [string]
    const v = now() - 5
    await row(id, (v - 50) * 1_000_000, 1)
    await entry(id, v)
    const { next } = await explain(id)
    expect(next).toMatchObject({ kind: 'held', rule: '3', until: (v + 30) * 1_000_000 })
    expect(next.text).toContain('the cells were written before')
  })

  test('that was written after the version, with an older entry, waits for its own', async () => {
    const [id] = idsOf(1, 'explained late') as [string]
    const v = now() - 20
    const written = (now() - 3) * 1_000_000
    await pair.index(id, v, { vint: 2 })
    await entry(id, v - 5)
    await row(id, written, 1)
    expect((await explain(id)).next).toMatchObject({ kind: 'held', rule: '4', until: written + 30_000_000 })
  })

  test('that nothing tells the version of is unlabelled, and says since when', async () => {
    const [id] = idsOf(1, 'explained unlabelled') as [string]
    const v = now() - 300
    const written = (v + 120) * 1_000_000
    await pair.index(id, v, { vint: 2 })
    await row(id, written, 1)
    const { next, entries, fields } = await explain(id)
    expect(next).toMatchObject({ kind: 'unlabelled', rule: '2' })
    expect(next.text).toContain(new Date(written / 1_000).toISOString())
    expect(entries).toEqual([])
    expect(fields).toContainEqual({ name: 'vint', elasticsearch: 2, cassandra: 1, differs: true })
  })

  test('that neither side has says that nothing follows from it', async () => {
    const [id] = idsOf(1, 'explained absent') as [string]
    expect(await explain(id)).toMatchObject({
      version: undefined,
      document: undefined,
      row: undefined,
      entries: [],
      fields: [],
      next: { kind: 'unchanged', rule: '7' },
    })
  })

  test('that is in sync, newer on one side, or of the future says so', async () => {
    const [same, document, fresh, future] = idsOf(4, 'explained usual') as [string, string, string, string]
    const v = now() - 10
    await pair.index(same, v, { vint: 1 })
    await row(same, v * 1_000_000, 1)
    await entry(same, v)
    await pair.index(document, v, { vint: 2 })
    await row(fresh, v * 1_000_000, 3)
    await entry(fresh, v)
    await pair.index(fresh, v - 5, { vint: 2 })
    await pair.index(future, now() + 600, { vint: 4 })
    expect((await explain(same)).next).toMatchObject({ kind: 'unchanged', rule: '9' })
    expect((await explain(document)).next).toMatchObject({
      kind: 'write-row',
      rule: '4',
      text: expect.stringContaining('has no row') as string,
    })
    expect((await explain(fresh)).next).toMatchObject({
      kind: 'write-document',
      rule: '3',
      text: expect.stringContaining('the row is newer') as string,
    })
    expect((await explain(future)).next).toMatchObject({ kind: 'later', rule: '2' })
  })

  test('that cannot be applied says why, and shows what is there', async () => {
    const [contract, mismatch] = idsOf(2, 'explained rejects') as [string, string]
    const v = now() - 10
    await pair.indexText(contract, v, JSON.stringify({ timestamp: v - 1, vint: 1 }))
    await pair.index(mismatch, v, { vint: 1.5, vstring: 'fits' })
    expect((await explain(contract)).next).toMatchObject({
      kind: 'rejected',
      rule: '1',
      rejects: [{ reason: 'VERSION_CONTRACT', side: 'elasticsearch' }],
    })
    expect(await explain(mismatch)).toMatchObject({
      fields: [
        { name: 'vint', elasticsearch: 1.5, differs: true },
        { name: 'vstring', elasticsearch: 'fits', differs: true },
      ],
      next: { kind: 'rejected', rejects: [{ reason: 'TYPE_MISMATCH' }] },
    })
    await pair.indexText('no-uuid', v, JSON.stringify({ timestamp: v }))
    expect((await explain('no-uuid')).next).toMatchObject({ kind: 'rejected', rejects: [{ reason: 'ID_NOT_UUID' }] })
  })

  test('with an entry that cannot be used is decided all the same, and the entry is named', async () => {
    const [id] = idsOf(1, 'explained bad entry') as [string]
    const v = now() - 10
    await pair.batch(id, 2_000_000_000, { vint: 1 })
    await pair.index(id, v, { vint: 2 })
    const { next } = await explain(id)
    expect(next.kind).not.toBe('rejected')
    expect(next.rejects).toMatchObject([{ reason: 'VERSION_FUTURE', side: 'cassandra' }])
  })

  test('with a version that counts is told without times', async () => {
    const [id] = idsOf(1, 'explained logical') as [string]
    await pair.batch(id, 11, { vint: 1 })
    await pair.index(id, 10, { vint: 2 })
    const story = await explain(id)
    expect(story).toMatchObject({ version: 11, entries: [11], next: { kind: 'write-document', rule: '3' } })
    expect(story.next.text).toContain("version 11 over the document's 10")
  })
})

test('in the versioning by write times the cells tell the version', async () => {
  const pair = await openPair({
    timestampColumn: 'bigint',
    cassandraConfig: { versioning: 'writetime' },
    sync: { unit: 'ms', overlap: '60s', freshness: '10s' },
  })
  try {
    const [id] = idsOf(1, 'explained write times') as [string]
    const v = Date.now() - 10_000
    await pair.index(id, v - 5, { vint: 2 })
    await pair.cassandra.execute(
      `INSERT INTO ${pair.name}.data (did, vint) VALUES (${id}, 1) USING TIMESTAMP ${v * 1_000}`,
    )
    expect(await explainRecord(pair.pair, id, never)).toMatchObject({
      version: v,
      label: v,
      row: { writeTime: v * 1_000 },
      entries: [],
      next: { kind: 'write-document', rule: '3' },
    })
  } finally {
    await pair.close()
  }
})
