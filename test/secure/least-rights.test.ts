import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { types } from 'cassandra-driver'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { leastIndexPrivileges } from '../../stack/elasticsearch-users.js'
import { caesSync, configFile } from '../support/cli.js'
import { eventually } from '../support/eventually.js'
import { idsOf } from '../support/ids.js'
import { elasticsearchRole, redisRules } from './least-rights.js'
import { cassandraAs, elasticsearchAs, openSecurePair, redisAs, type SecurePair } from './support.js'

let pair: SecurePair
let file: ReturnType<typeof configFile>
beforeAll(async () => {
  pair = await openSecurePair()
  file = configFile(pair.config())
})
afterAll(async () => {
  await verb('stop')
  file.remove()
  await pair.close()
})

const verb = async (...args: string[]) => {
  const { code, stderr, stdout } = await caesSync([...args, '-c', file.path], { CAES_HOME: file.folder })
  return { code, stderr, stdout }
}

test('the role of the test is the one of the page', () => {
  expect(elasticsearchRole()).toEqual({
    cluster: [],
    indices: [{ names: ['stream'], privileges: leastIndexPrivileges }],
  })
})

test('the whole service syncs both ways with them, and an operator can do all that there is to do', async () => {
  expect(await verb('start')).toMatchObject({ code: 0, stderr: '' })
  const now = Math.floor(Date.now() / 1_000)
  const [a, b] = idsOf(2, 'least rights') as [string, string]
  await pair.index(a, now, { vint: 1, vstring: 'x' })
  await pair.batch(b, now, { vint: 2, vstring: 'y' })
  await pair.index('no-uuid', now, { vint: 3 })
  await eventually(async () => {
    expect(await pair.row(a)).toEqual({ vint: 1, vstring: 'x' })
    expect(await pair.document(b)).toEqual({ vint: 2, vstring: 'y', timestamp: now })
  })

  const rejects = await eventually(async () => {
    const { code, stdout } = await verb('rejects', '--json')
    expect(code).toBe(0)
    expect(stdout).toContain('no-uuid')
    return stdout
  })
  const { job } = JSON.parse(rejects.split('\n')[0]!) as { job: string }
  expect((await verb('rejects', 'retry', job)).code).toBe(4)
  for (const args of [
    ['rejects', 'drop', job],
    ['pause'],
    ['resume'],
    ['status'],
    ['windows'],
    ['retry', '--all-failed'],
    ['validate'],
    ['doctor'],
  ]) {
    expect({ args, ...(await verb(...args)) }).toMatchObject({ args, code: 0 })
  }
  // What has no UUID for an id cannot be synced as it is.
  for (const args of [['backfill', '--from', 'both'], ['verify']]) {
    expect({ args, ...(await verb(...args)) }).toMatchObject({ args, code: 4 })
  }
  const log = readFileSync(join(file.folder, 'caes-sync.log'), 'utf8')
  const board = /http:\/\/127\.0\.0\.1:\d+/.exec(log)?.[0]
  const query = 'activeQueue=windows&status=completed&page=1&jobsPerPage=10'
  expect((await fetch(`${board}/board/api/queues?${query}`)).status).toBe(200)
  expect(log.split('\n').filter((line) => /DENIED|NOPERM|unauthorized|permission/i.test(line))).toEqual([])
})

const { unauthorized } = types.responseErrorCodes

test('they permit nothing else', async () => {
  const reading = { index: 'caes_other', query: { match_all: {} } }
  const asSync = elasticsearchAs(pair.users.elasticsearch)
  await expect(asSync.search(reading)).rejects.toMatchObject({ statusCode: 403 })
  await expect(asSync.indices.create({ index: `${pair.name}_more` })).rejects.toMatchObject({ statusCode: 403 })
  await expect(asSync.indices.delete({ index: pair.name })).rejects.toMatchObject({ statusCode: 403 })
  await expect(asSync.cluster.health()).rejects.toMatchObject({ statusCode: 403 })
  await asSync.close()

  await pair.cassandra.execute(`CREATE TABLE ${pair.name}.more (id int PRIMARY KEY)`)
  const cassandra = await cassandraAs(pair.users.cassandra)
  for (const statement of [
    `TRUNCATE ${pair.name}.more`,
    `SELECT * FROM ${pair.name}.more`,
    `ALTER TABLE ${pair.name}.data ADD more int`,
    `DROP TABLE ${pair.name}.data`,
    `CREATE TABLE ${pair.name}.another (id int PRIMARY KEY)`,
    `CREATE ROLE ${pair.name}_more`,
  ]) {
    const refusal = await cassandra.execute(statement).catch((error: { readonly code: number }) => error.code)
    expect({ statement, refusal }).toEqual({ statement, refusal: unauthorized })
  }
  await cassandra.shutdown()

  const redis = redisAs(pair.users.redis)
  for (const [command, ...args] of [
    ['GET', 'other:key'],
    ['SET', pair.name, 'x'],
    ['KEYS', '*'],
    ['FLUSHALL'],
    ['CONFIG', 'GET', 'requirepass'],
    ['ACL', 'LIST'],
    ['SHUTDOWN'],
    ['PUBLISH', 'channel', 'x'],
    ['SCRIPT', 'FLUSH'],
  ] as const) {
    const answer = await redis.call(command, ...args).catch((error: Error) => error.message.split(' ', 1)[0])
    expect({ command, answer }).toEqual({ command, answer: 'NOPERM' })
  }
  await redis.quit()
  expect(redisRules('caes')).toContain('-@dangerous')
})
