import { describe, expect, test } from 'vitest'
import { minimal, parse, problemsOf } from './support.js'

describe('when a purge may be configured', () => {
  test('a purge is later than overlap, ttl and all retries together, and the error says how much that is', async () => {
    const lines = await problemsOf(minimal('sync: {deletes: {field: gone, purgeAfter: 1h}}'))
    expect(lines).toEqual([
      'caes.yaml:7:43: sync.deletes.purgeAfter (1h) must be longer than sync.overlap (20s), CassandraConfig.ttl (1h) and ' +
        'the retries of a window (30s) together, which is 3650s; try purgeAfter: 2h or longer',
    ])
  })

  test('each of the three counts', async () => {
    const text = (more: string) => minimal('  ttl: 100', `sync: {overlap: 40s, deletes: {field: gone, ${more}}}`)
    const worker = 'worker: {attempts: 4, backoff: 3s}'
    expect(await problemsOf(`${text('purgeAfter: 161s')}\n${worker}`)).toEqual([
      expect.stringContaining('which is 161s'),
    ])
    const config = await parse(`${text('purgeAfter: 162s')}\n${worker}`)
    expect(config.sync.deletes).toEqual({ field: 'gone', purgeAfterMs: 162_000 })
  })

  test('without it nothing is ever purged, and nothing has to be long', async () => {
    const config = await parse(minimal('sync: {deletes: {field: gone}}'))
    expect(config.sync.deletes).toEqual({ field: 'gone' })
  })

  test('a pair that is written in one direction is not purged', async () => {
    const text = 'sync: {direction: to-cassandra, deletes: {field: gone, purgeAfter: 2h}}'
    expect(await problemsOf(minimal(text))).toEqual([
      'caes.yaml:7:68: sync.deletes.purgeAfter removes from both stores, but sync.direction is "to-cassandra"; try direction: both, or no purgeAfter',
    ])
  })

  test("a pair's own deletes replace those of the top level as a whole", async () => {
    const text = (deletes: string) =>
      minimal(
        'sync: {deletes: {field: gone, purgeAfter: 2h}}',
        'pairs:',
        '- name: own',
        '  ElasticSearchConfig: {index: own}',
        '  CassandraConfig: {keyspace: logs, dataColumnFamily: own, timeseriesColumnFamily: own_ts, ttl: 3h}',
        ...(deletes === '' ? [] : [`  sync: {deletes: ${deletes}}`]),
      )
    expect(await problemsOf(text(''))).toEqual([expect.stringContaining('sync.deletes.purgeAfter (2h) must be longer')])
    const own = (await parse(text('{field: hidden}'))).pairs.find(({ name }) => name === 'own')
    expect(own?.sync.deletes).toEqual({ field: 'hidden' })
    expect(await problemsOf(text('{field: hidden, purgeAfter: 3h}'))).toEqual([
      expect.stringContaining('pairs[0].sync.deletes.purgeAfter (3h) must be longer'),
    ])
  })
})
