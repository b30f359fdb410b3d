/** Large, deep and oddly named records: they go through or are set aside, and never fail a window. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { idsOf } from '../support/ids.js'
import { openPair, silent, type PairFixture } from '../support/pair-fixture.js'

const quick = { settle: '100ms', freshness: '2s', overlap: '8s' }
const mega = 2 ** 20

const controls = `${Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join('')}\u007f\u2028\u2029\ufeff`
const astral = '\u{1F600}\u{10FFFF}\u{1D518} e\u0301 \u202e'

describe('large records', () => {
  let pair: PairFixture
  beforeAll(async () => {
    pair = await openPair({
      sync: quick,
      columns: 'vint int, vstring text, body blob, sizes map<text, int>, term text, numbers frozen<list<double>>',
      mappings: {
        properties: {
          timestamp: { type: 'long' },
          vint: { type: 'integer' },
          vstring: { type: 'text', index: false },
          body: { type: 'binary' },
          term: { type: 'keyword' },
          numbers: { type: 'object', enabled: false },
          extra: { type: 'object', enabled: false },
        },
      },
    })
  })
  afterAll(() => pair.close())

  /** A batch may not be as large, a row may. */
  const insertLarge = async (id: string, version: number, column: string, value: unknown): Promise<void> => {
    const insert = `INSERT INTO ${pair.name}.data (did, ${column}) VALUES (?, ?)`
    await pair.cassandra.execute(insert, [id, value], { prepare: true })
    await pair.batch(id, version, {})
  }

  test.each([1, 5])('a document of %d MB goes to Cassandra, and its fields without a column stay', async (size) => {
    const [id] = idsOf(1, `document of ${size}`) as [string]
    const vstring = 'x😀'.repeat((size * mega) / 10)
    const extra = { text: 'y'.repeat((size * mega) / 2) }
    await pair.index(id, 10, { vstring, extra })
    expect((await pair.sync(0, 100)).rejects).toEqual([])
    expect((await pair.row(id))?.['vstring'] === vstring).toBe(true)
    await pair.batch(id, 11, { vint: 1, vstring: null })
    await pair.sync(0, 100)
    const found = await pair.document(id)
    expect(found?.version).toBe(11)
    expect((found?.source['extra'] as typeof extra | undefined)?.text === extra.text).toBe(true)
    expect(silent((await pair.sync(0, 100)).report)).toBe(true)
  })

  test('a document of 2,000 fields keeps them all', async () => {
    const [id] = idsOf(1, 'many fields') as [string]
    const extra = Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`field ${at}`, at]))
    await pair.index(id, 10, { vint: 1, extra })
    await pair.sync(0, 100)
    await pair.batch(id, 11, { vint: 2 })
    await pair.sync(0, 100)
    expect(await pair.document(id)).toEqual({ version: 11, source: { vint: 2, extra, timestamp: 11 } })
  })

  test('a row with a blob of 1 MB goes to Elasticsearch and comes back', async () => {
    const [id] = idsOf(1, 'blob') as [string]
    const body = Buffer.alloc(mega, 'blob\0\xff')
    await insertLarge(id, 10, 'body', body)
    await pair.sync(0, 100)
    expect((await pair.document(id))?.source['body'] === body.toString('base64')).toBe(true)
    await pair.index(id, 11, { vint: 1, body: body.toString('base64') })
    await pair.sync(0, 100)
    expect(await pair.row(id)).toMatchObject({ vint: 1 })
    expect(body.equals((await pair.row(id))?.['body'] as Buffer)).toBe(true)
    expect(silent((await pair.sync(0, 100)).report)).toBe(true)
  })

  test('what a store cannot take is set aside with a short reason, and what stands beside it goes through', async () => {
    const [good, huge, fields, term] = idsOf(4, 'too large') as [string, string, string, string]
    await pair.batch(good, 20, { vint: 1 })
    // Two characters each in JSON, twelve bytes each in Cassandra.
    await pair.index(huge, 20, { numbers: Array.from({ length: 1.5 * mega }, () => 1) })
    const sizes = new Map(Array.from({ length: 2_000 }, (_, at) => [`key ${at}`, at]))
    await insertLarge(fields, 20, 'sizes', sizes)
    await insertLarge(term, 20, 'term', 't'.repeat(40_000))
    const { report, rejects } = await pair.sync(0, 100)
    expect(new Map(rejects.map(({ id, side, reason }) => [id, `${side} ${reason}`]))).toEqual(
      new Map([
        [huge, 'elasticsearch STATEMENT'],
        [fields, 'cassandra MAPPING'],
        [term, 'cassandra MAPPING'],
      ]),
    )
    for (const { detail } of rejects) expect(detail.length).toBeLessThan(400)
    expect(report.written.elasticsearch).toBe(1)
    expect(await pair.document(good)).toMatchObject({ version: 20 })
  })
})

describe('odd names and texts', () => {
  const names = [
    'do.t',
    'quo"te',
    "apo'strophe",
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'sp ace',
    '😀',
  ]
  const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
  const openOdd = async (columns: string): Promise<PairFixture> => {
    const pair = await openPair({
      sync: quick,
      columns,
      mappings: { dynamic: false, properties: { timestamp: { type: 'long' } } },
    })
    onTestFinished(() => pair.close())
    return pair
  }

  test('fields without a column survive by any name', async () => {
    const pair = await openOdd('vint int')
    const [id] = idsOf(1, 'names') as [string]
    const fields = names.map((name) => `${JSON.stringify(name)}:{"polluted":${JSON.stringify(name)}}`).join(',')
    await pair.indexText(id, 10, `{"timestamp":10,${fields},"vint":1}`)
    expect((await pair.sync(0, 100)).report.written.cassandra).toBe(1)
    await pair.batch(id, 11, { vint: 2 })
    await pair.sync(0, 100)
    expect(await pair.documentText(id)).toBe(`{${fields},"vint":2,"timestamp":11}`)
    expect(silent((await pair.sync(0, 100)).report)).toBe(true)
    expect(Object.keys(Object.prototype)).toEqual([])
    expect('polluted' in {}).toBe(false)
  })

  test.each([
    ['text', (name: string) => `'of ${name.replaceAll("'", "''")}'`, (name: string) => JSON.stringify(`of ${name}`)],
    ['frozen<list<int>>', ({ length }: string) => `[${length}]`, ({ length }: string) => `[${length}]`],
  ])('columns of type %s may have any name, and travel both ways', async (type, cql, json) => {
    const pair = await openOdd(names.map((name) => `${quoted(name)} ${type}`).join(', '))
    const [document, row] = idsOf(2, 'columns') as [string, string]
    const fields = names.map((name) => `${JSON.stringify(name)}:${json(name)}`)
    await pair.indexText(document, 10, `{"timestamp":10,${fields.join(',')}}`)
    const values = names.map(cql).join(', ')
    const columns = names.map(quoted).join(', ')
    await pair.cassandra.execute(`INSERT INTO ${pair.name}.data (did, ${columns}) VALUES (${row}, ${values})`)
    await pair.batch(row, 10, {})
    const { report, rejects } = await pair.sync(0, 100)
    expect(rejects).toEqual([])
    expect(report.written).toEqual({ elasticsearch: 1, cassandra: 1 })
    const text = await pair.documentText(row)
    for (const field of fields) expect(text).toContain(field)
    const rowText = async (id: string): Promise<string> => {
      const { rows } = await pair.cassandra.execute(`SELECT JSON ${columns} FROM ${pair.name}.data WHERE did = ${id}`)
      return String(rows[0]?.get('[json]'))
    }
    expect(await rowText(document)).toBe(await rowText(row))
    expect(silent((await pair.sync(0, 100)).report)).toBe(true)
  })

  test('fields in the depth survive by any name, as deep as Elasticsearch bears', async () => {
    const pair = await openOdd('vint int')
    const [id] = idsOf(1, 'deep') as [string]
    const name = names.map((each) => JSON.stringify(each).slice(1, -1)).join('.')
    const depth = 900
    const deep = `${`{"${name}":[`.repeat(depth / 2)}9007199254740993${']}'.repeat(depth / 2)}`
    await pair.indexText(id, 10, `{"timestamp":10,"deep":${deep},"vint":1}`)
    expect((await pair.sync(0, 100)).report.written.cassandra).toBe(1)
    await pair.batch(id, 11, { vint: 2 })
    await pair.sync(0, 100)
    expect(await pair.documentText(id)).toBe(`{"deep":${deep},"vint":2,"timestamp":11}`)
    expect(silent((await pair.sync(0, 100)).report)).toBe(true)
  })

  test('a depth where a column wants a value is set aside, and what stands beside it goes through', async () => {
    const pair = await openOdd('vstring text, words frozen<map<text, text>>')
    const [deep, wide, good] = idsOf(3, 'depth') as [string, string, string]
    await pair.indexText(deep, 10, `{"timestamp":10,"vstring":${'['.repeat(900)}${']'.repeat(900)}}`)
    await pair.indexText(wide, 10, `{"timestamp":10,"words":{"a":${'{"b":'.repeat(400)}1${'}'.repeat(400)}}}`)
    await pair.index(good, 10, { vstring: 'good' })
    const { rejects } = await pair.sync(0, 100)
    expect(rejects.map(({ id, reason }) => `${id} ${reason}`).sort()).toEqual(
      [`${deep} TYPE_MISMATCH`, `${wide} TYPE_MISMATCH`].sort(),
    )
    for (const { detail } of rejects) expect(detail.length).toBeLessThan(400)
    expect(await pair.row(good)).toMatchObject({ vstring: 'good' })
  })

  test('a name of 30,000 characters is a name', async () => {
    const pair = await openOdd('vint int')
    const [id] = idsOf(1, 'long name') as [string]
    const long = 'n😀"'.repeat(7_500)
    await pair.index(id, 10, { [long]: 'kept', vint: 1 })
    await pair.sync(0, 100)
    await pair.batch(id, 11, { vint: 2 })
    await pair.sync(0, 100)
    expect(await pair.document(id)).toEqual({ version: 11, source: { [long]: 'kept', vint: 2, timestamp: 11 } })
  })

  test('control characters and characters beyond the first plane travel both ways', async () => {
    const pair = await openOdd('vstring text, words frozen<map<text, text>>')
    const [row, document] = idsOf(2, 'characters') as [string, string]
    const words = new Map([[controls, astral]])
    await pair.batch(row, 10, { vstring: controls + astral, words })
    await pair.index(document, 10, { vstring: controls + astral, words: Object.fromEntries(words) })
    expect((await pair.sync(0, 100)).rejects).toEqual([])
    expect((await pair.document(row))?.source).toEqual({
      vstring: controls + astral,
      words: { [controls]: astral },
      timestamp: 10,
    })
    expect(await pair.row(document)).toMatchObject({ vstring: controls + astral, words })
    expect(silent((await pair.sync(0, 100)).report)).toBe(true)
  })

  test('half a surrogate pair, which Elasticsearch keeps and UTF-8 cannot, is set aside', async () => {
    const pair = await openOdd('vstring text')
    const [id, good] = idsOf(2, 'surrogate') as [string, string]
    await pair.indexText(id, 10, String.raw`{"timestamp":10,"vstring":"\ud800x"}`)
    await pair.index(good, 10, { vstring: 'good' })
    const { rejects } = await pair.sync(0, 100)
    expect(rejects).toMatchObject([{ id, reason: 'TYPE_MISMATCH' }])
    expect(await pair.row(good)).toMatchObject({ vstring: 'good' })
  })
})
