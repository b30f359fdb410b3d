import { afterAll, beforeAll, expect, test } from 'vitest'
import { caesSync, configFile } from '../support/cli.js'
import { idsOf } from '../support/ids.js'
import { openPair, type PairFixture } from '../support/pair-fixture.js'

let pair: PairFixture
let file: ReturnType<typeof configFile>
beforeAll(async () => {
  pair = await openPair({ columns: 'deleted boolean', sync: { deletes: { field: 'deleted', purgeAfter: '2h' } } })
  file = configFile(pair.configText)
})
afterAll(async () => {
  file.remove()
  await pair.close()
})

test('purge says what it would remove, removes it, and finds nothing the next time', async () => {
  const [id] = idsOf(1, 'purge by command') as [string]
  const version = Math.floor(Date.now() / 1_000) - 5 * 3_600
  await pair.index(id, version, { deleted: true })
  await pair.sync(version, version + 1)

  const dry = await caesSync(['purge', '--dry-run', '-c', file.path])
  expect(dry).toMatchObject({ code: 0 })
  expect(dry.stdout).toMatch(/default {2}deleted before .+\n {2}to purge {3}1\n/)
  expect(await pair.document(id)).toBeDefined()

  const counts = async () => {
    const { code, stdout } = await caesSync(['purge', '--pair', 'default', '--json', '-c', file.path])
    expect(code).toBe(0)
    return JSON.parse(stdout) as object
  }
  expect(await counts()).toMatchObject({ pair: 'default', read: 1, purged: 1, kept: 0 })
  expect(await pair.document(id)).toBeUndefined()
  expect(await pair.row(id)).toBeUndefined()
  expect(await counts()).toMatchObject({ read: 0, purged: 0, kept: 0 })
})

test('purge of what is not configured for it is a usage error that says what to set', async () => {
  const bare = configFile(
    'interval: 60\nElasticSearchConfig: { index: s }\nCassandraConfig: { keyspace: k, dataColumnFamily: d }\n',
  )
  try {
    const { code, stdout, stderr } = await caesSync(['purge', '-c', bare.path])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('sync.deletes')
  } finally {
    bare.remove()
  }
})
