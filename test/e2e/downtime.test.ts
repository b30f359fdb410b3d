import { afterAll, beforeAll, expect, test } from 'vitest'
import { caesSync } from '../support/cli.js'
import { eventually } from '../support/eventually.js'
import { idsOf } from '../support/ids.js'
import { openService, type ServiceFixture } from '../support/service.js'

let service: ServiceFixture
beforeAll(async () => {
  service = await openService({
    cassandraConfig: { ttl: 10 },
    sync: { settle: '500ms', overlap: '4s', freshness: '1s' },
    more: { interval: 1, worker: { lock: '2s' } },
  })
})
afterAll(() => service.close())

const now = (): number => Math.floor(Date.now() / 1_000)

test('downtime beyond the TTL of entries recovers by itself, and leaves alone what was there before the first start', async () => {
  const { pair, start } = service
  const [old, first, missed, both] = idsOf(4, 'downtime') as [string, string, string, string]
  const { cassandra, name } = pair
  // Written long before: nobody asked for that to be copied.
  await cassandra.execute(
    `INSERT INTO ${name}.data (did, vint) VALUES (?, 1) USING TIMESTAMP ?`,
    [old, String((now() - 86_400) * 1_000_000)],
    { prepare: true },
  )
  // The worker first: on a busy machine the first windows would be outrun before it is there.
  const before = [await start('worker'), await start('scheduler')]
  await pair.batch(first, now(), { vint: 2 })
  await eventually(async () => expect((await pair.document(first))?.source['vint']).toBe(2), 60_000)
  for (const each of before) each.kill('SIGKILL')
  await Promise.all(before.map(({ ended }) => ended))

  // Clients go on: a new row, and one over what is in Elasticsearch. Their entries expire unread.
  const version = now()
  for (const [id, vint] of [
    [missed, 3],
    [both, 4],
  ] as const) {
    await cassandra.batch(
      [
        { query: `INSERT INTO ${name}.ts (id, timestamp, did) VALUES (0, ?, ?) USING TTL 1`, params: [version, id] },
        { query: `INSERT INTO ${name}.data (did, vint) VALUES (?, ?)`, params: [id, vint] },
      ],
      { prepare: true, logged: true },
    )
  }
  await pair.index(both, version - 3_600, { vint: 0 })
  const since = Date.now()
  await eventually(() => expect(Date.now() - since).toBeGreaterThan(11_000), 30_000)
  expect(await pair.label(missed)).toBeUndefined()

  await Promise.all([start('scheduler'), start('scheduler'), start('worker')])
  await eventually(async () => expect((await pair.document(missed))?.source['vint']).toBe(3), 60_000)
  await eventually(async () => expect((await pair.document(both))?.source['vint']).toBe(4), 60_000)
  await eventually(async () => {
    const { rows } = await cassandra.execute(`SELECT finished FROM ${name}.caes_run`)
    expect(rows.map((row) => row['finished'] !== null)).toEqual(rows.map(() => true))
  }, 60_000)
  expect(await pair.document(old)).toBeUndefined()
  const { stdout } = await caesSync(['status', '--json', '-c', service.file.path])
  expect(JSON.parse(stdout)).toMatchObject({ pairs: [{ runs: [] }] })
})
