import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.js'
import { idsOf } from '../support/ids.js'
import { openPair, silent, type PairFixture } from '../support/pair-fixture.js'
import { batchMany, indexMany } from '../support/volume.js'

const now = () => Math.floor(Date.now() / 1_000)

describe('the behaviours of the original, on modern servers', () => {
  let pair: PairFixture
  beforeAll(async () => {
    pair = await openPair()
  })
  afterAll(() => pair.close())

  test('a row goes to Elasticsearch', async () => {
    const [id] = idsOf(1, 'to es') as [string]
    await pair.batch(id, 10, { vint: 1, vstring: 'one' })
    const { report } = await pair.sync(0, 100)
    expect(report).toMatchObject({ written: { elasticsearch: 1, cassandra: 0 }, rejected: 0 })
    expect(await pair.document(id)).toEqual({ version: 10, source: { vint: 1, vstring: 'one', timestamp: 10 } })
  })

  test('a document goes to Cassandra with its entry', async () => {
    const [id] = idsOf(1, 'to cassandra') as [string]
    await pair.index(id, 10, { vint: 2, vstring: 'two' })
    expect((await pair.sync(0, 100)).report.written).toEqual({ elasticsearch: 0, cassandra: 1 })
    expect(await pair.row(id)).toMatchObject({ vint: 2, vstring: 'two' })
    expect(await pair.label(id)).toBe(10)
  })

  test('the most recent wins in both directions, with tiny versions over wall-clock cells', async () => {
    const [older, newer] = idsOf(2, 'recent') as [string, string]
    await pair.batch(older, 10, { vint: 1, vstring: 'old row' })
    await pair.index(older, 11, { vint: 2, vstring: 'new document' })
    await pair.index(newer, 10, { vint: 3, vstring: 'old document' })
    await pair.batch(newer, 11, { vint: 4, vstring: 'new row' })
    await pair.sync(0, 100)
    for (const [id, vint, vstring] of [
      [older, 2, 'new document'],
      [newer, 4, 'new row'],
    ] as const) {
      expect(await pair.row(id)).toMatchObject({ vint, vstring })
      expect(await pair.document(id)).toEqual({ version: 11, source: { vint, vstring, timestamp: 11 } })
    }
  })

  test('a tie goes to Elasticsearch as a whole record, and what stands beside it is synced as usual', async () => {
    const [tied, row, document] = idsOf(3, 'tie') as [string, string, string]
    await pair.batch(tied, 20, { vint: 1, vstring: 'zz' })
    await pair.index(tied, 20, { vint: 9 })
    await pair.batch(row, 20, { vint: 5, vstring: 'row' })
    await pair.index(document, 20, { vint: 6, vstring: 'document' })
    const { report } = await pair.sync(0, 100)
    expect(report).toMatchObject({ ties: 1, written: { elasticsearch: 1, cassandra: 2 } })
    expect(await pair.row(tied)).toMatchObject({ vint: 9, vstring: null })
    expect(await pair.document(tied)).toEqual({ version: 20, source: { vint: 9, timestamp: 20 } })
    expect((await pair.document(row))?.source).toMatchObject({ vint: 5, vstring: 'row' })
    expect(await pair.row(document)).toMatchObject({ vint: 6, vstring: 'document' })
  })

  test('running all of that again writes nothing', async () => {
    const { report } = await pair.sync(0, 100)
    expect(silent(report)).toBe(true)
    expect(report.unchanged).toBeGreaterThan(0)
  })

  test('with versions that are times, newest wins both ways and the second run is silent', async () => {
    const [a, b, c] = idsOf(3, 'clock') as [string, string, string]
    const v = now() - 60
    // Elasticsearch does not care when a version is written; a row of an older version would be late.
    await pair.index(a, v, { vint: 1 })
    await pair.batch(b, now(), { vint: 2, vstring: 'row' })
    await pair.index(b, v, { vint: 3, vstring: 'document' })
    await pair.batch(c, now(), { vint: 4 })
    const to = now() + 1
    const { report } = await pair.sync(v, to)
    expect(report.written).toEqual({ elasticsearch: 2, cassandra: 1 })
    expect((await pair.document(b))?.source).toMatchObject({ vint: 2, vstring: 'row' })
    expect(silent((await pair.sync(v, to)).report)).toBe(true)
  })

  test('a tie within the second of its writing is settled and stays settled', async () => {
    const [id] = idsOf(1, 'clock tie') as [string]
    const v = now()
    await pair.batch(id, v, { vint: 1, vstring: 'zz' })
    await pair.index(id, v, { vint: 9 })
    expect((await pair.sync(v, v + 1)).report).toMatchObject({ ties: 1, written: { elasticsearch: 0, cassandra: 1 } })
    expect(await pair.row(id)).toMatchObject({ vint: 9, vstring: null })
    expect(silent((await pair.sync(v, v + 1)).report)).toBe(true)
  })

  test('a dry run says what it would write and writes nothing', async () => {
    const [id] = idsOf(1, 'dry') as [string]
    await pair.index(id, 30, { vint: 1 })
    expect((await pair.sync(0, 100, { dryRun: true })).report.written).toEqual({ elasticsearch: 0, cassandra: 1 })
    expect(await pair.row(id)).toBeUndefined()
    expect(await pair.label(id)).toBeUndefined()
    await pair.sync(0, 100)
  })

  test('an entry whose row never came deletes nothing', async () => {
    const [id] = idsOf(1, 'orphan') as [string]
    await pair.index(id, 40, { vint: 1 })
    await pair.sync(0, 100)
    await pair.cassandra.execute(`DELETE FROM ${pair.name}.data WHERE did = ${id}`)
    await pair.cassandra.execute(`INSERT INTO ${pair.name}.ts (id, timestamp, did) VALUES (0, 41, ${id})`)
    expect((await pair.sync(0, 100)).report).toMatchObject({ orphaned: 1, written: { elasticsearch: 0, cassandra: 0 } })
    expect(await pair.document(id)).toMatchObject({ version: 40 })
  })
})

describe('fields', () => {
  test('a field that left the document is nulled in the row, and one that the row nulled leaves the document', async () => {
    const pair = await openPair()
    try {
      const [a, b] = idsOf(2, 'fields') as [string, string]
      await pair.index(a, 10, { vint: 1, vstring: 'x' })
      await pair.batch(b, 10, { vint: 1, vstring: 'x' })
      await pair.sync(0, 100)
      await pair.index(a, 11, { vint: 1 })
      await pair.batch(b, 11, { vint: 1, vstring: null })
      await pair.sync(0, 100)
      expect(await pair.row(a)).toMatchObject({ vint: 1, vstring: null })
      expect((await pair.document(b))?.source).toEqual({ vint: 1, timestamp: 11 })
      expect(silent((await pair.sync(0, 100)).report)).toBe(true)
    } finally {
      await pair.close()
    }
  })

  test('what is excluded survives on its own side, in both directions', async () => {
    const pair = await openPair({ elasticsearch: { exclude: ['vstring'] } })
    try {
      const [id] = idsOf(1, 'excluded') as [string]
      await pair.batch(id, 10, { vint: 1, vstring: 'of the row' })
      await pair.index(id, 11, { vint: 2, vstring: 'of the document', other: { deep: ['a', 'b'] } })
      await pair.sync(0, 100)
      expect(await pair.row(id)).toMatchObject({ vint: 2, vstring: 'of the row' })
      await pair.batch(id, 12, { vint: 3 })
      await pair.sync(0, 100)
      expect(await pair.document(id)).toEqual({
        version: 12,
        source: { vint: 3, vstring: 'of the document', other: { deep: ['a', 'b'] }, timestamp: 12 },
      })
      expect(silent((await pair.sync(0, 100)).report)).toBe(true)
    } finally {
      await pair.close()
    }
  })
})

test('our entries expire after ttl, and an equal row without its entry is still in sync', async () => {
  const pair = await openPair({
    cassandraConfig: { ttl: 2 },
    sync: { settle: '100ms', freshness: '200ms', overlap: '1s' },
    more: { interval: 1 },
  })
  try {
    const [id] = idsOf(1, 'ttl') as [string]
    const v = now() - 5
    await pair.index(id, v, { vint: 1 })
    expect((await pair.sync(v, v + 1)).report.written.cassandra).toBe(1)
    expect(await pair.label(id)).toBe(v)
    await eventually(async () => expect(await pair.label(id)).toBeUndefined())
    expect(await pair.row(id)).toMatchObject({ vint: 1 })
    const { report } = await pair.sync(v, v + 1)
    expect(report.unchanged).toBe(1)
    expect(silent(report)).toBe(true)
  } finally {
    await pair.close()
  }
})

describe('records that cannot be applied', () => {
  test('are set aside with a reason, and everything else goes through', async () => {
    const pair = await openPair()
    try {
      const [good, bad, torn, row] = idsOf(4, 'rejects') as [string, string, string, string]
      await pair.index(good, 10, { vint: 1 })
      await pair.index('not-a-uuid', 10, { vint: 1 })
      await pair.index(bad, 10, { vint: 'seven' }).catch(() =>
        pair.elasticsearch.index({
          index: pair.name,
          id: bad,
          version: 10,
          version_type: 'external',
          document: { timestamp: 10, vint: 1.5 },
        }),
      )
      await pair.elasticsearch.index({
        index: pair.name,
        id: torn,
        version: 10,
        version_type: 'external',
        document: { timestamp: 11, vint: 1 },
      })
      await pair.batch(row, 10, { vint: 2 })
      const { report, rejects } = await pair.sync(0, 100)
      expect(report).toMatchObject({ rejected: 3, written: { elasticsearch: 1, cassandra: 1 } })
      expect(new Map(rejects.map(({ id, reason }) => [id, reason]))).toEqual(
        new Map([
          ['not-a-uuid', 'ID_NOT_UUID'],
          [bad, 'TYPE_MISMATCH'],
          [torn, 'VERSION_CONTRACT'],
        ]),
      )
      expect(rejects.find(({ id }) => id === bad)?.detail).toContain('"vint"')
      expect(await pair.row(good)).toMatchObject({ vint: 1 })
      expect(await pair.document(row)).toMatchObject({ version: 10 })
    } finally {
      await pair.close()
    }
  })

  test('an entry far in the future does not freeze its record', async () => {
    const pair = await openPair()
    try {
      const [id] = idsOf(1, 'future') as [string]
      const v = now() - 40
      await pair.index(id, v, { vint: 1 })
      await pair.cassandra.execute(
        `INSERT INTO ${pair.name}.ts (id, timestamp, did) VALUES (0, ${now() + 100_000}, ${id})`,
      )
      const { report, rejects } = await pair.sync(v, v + 10)
      expect(rejects).toMatchObject([{ id, reason: 'VERSION_FUTURE', side: 'cassandra' }])
      expect(report.written.cassandra).toBe(1)
      expect(await pair.row(id)).toMatchObject({ vint: 1 })
    } finally {
      await pair.close()
    }
  })
})

describe('volume', () => {
  test('thousands of records each way, under two timestamps, then silence', async () => {
    const pair = await openPair()
    try {
      const rows = idsOf(3_000, 'many rows')
      const documents = idsOf(3_000, 'many documents')
      await batchMany(pair, rows, 10, (at) => ({ vint: at, vstring: `r ${at}` }))
      await indexMany(pair, documents, 11, (at) => ({ vint: at, vstring: `d ${at}` }))
      const first = (await pair.sync(0, 100)).report
      expect(first).toMatchObject({ written: { elasticsearch: 3_000, cassandra: 3_000 }, rejected: 0, ties: 0 })
      const second = (await pair.sync(0, 100)).report
      expect(second).toMatchObject({ read: { elasticsearch: 6_000, cassandra: 6_000 }, unchanged: 6_000 })
      expect(silent(second)).toBe(true)
      expect(await pair.row(documents[2_999]!)).toMatchObject({ vint: 2_999 })
      expect((await pair.document(rows[2_999]!))?.source).toMatchObject({ vint: 2_999 })
    } finally {
      await pair.close()
    }
  })
})
