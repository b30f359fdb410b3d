/** A worker that is stopped in the middle of a window, between what it has read and what it is about to write. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startRole, stopRoles, type RoleProcess } from '../../src/demo/processes.js'
import { endpointsFrom } from '../../src/demo/schema.js'
import { wipeQueues } from '../../src/demo/watch.js'
import { configFile, distUrl } from '../support/cli.js'
import { eventually, until } from '../support/eventually.js'
import { idsOf } from '../support/ids.js'
import { openPair, type PairFixture } from '../support/pair-fixture.js'
import { openLine, type TcpLine } from '../support/tcp-line.js'

const endpoints = endpointsFrom(process.env)
let pair: PairFixture
let lines: Record<'elasticsearch' | 'cassandra' | 'redis', TcpLine>
let files: { readonly victim: ReturnType<typeof configFile>; readonly others: ReturnType<typeof configFile> }
const running: RoleProcess[] = []

beforeAll(async () => {
  pair = await openPair({ sync: { settle: '500ms', overlap: '20s', freshness: '2s' } })
  lines = {
    elasticsearch: await openLine('127.0.0.1', Number(new URL(endpoints.elasticsearch).port)),
    cassandra: await openLine('127.0.0.1', Number(endpoints.cassandra.split(':')[1])),
    redis: await openLine('127.0.0.1', Number(new URL(endpoints.redis).port)),
  }
  const config = JSON.parse(pair.configText) as Record<string, object>
  const others = { ...config, worker: { concurrency: 1, lock: '2s' } }
  const victim = {
    ...others,
    ElasticSearchConfig: {
      ...config['ElasticSearchConfig'],
      driver: { hosts: [`http://127.0.0.1:${lines.elasticsearch.port}`] },
    },
    CassandraConfig: {
      ...config['CassandraConfig'],
      // No request may fail for having taken long: only the rules are to keep it from writing.
      driver: { contact_points: ['127.0.0.1'], port: lines.cassandra.port, request_timeout: 300 },
    },
    redis: { url: `redis://127.0.0.1:${lines.redis.port}`, prefix: pair.name },
  }
  files = { victim: configFile(JSON.stringify(victim)), others: configFile(JSON.stringify(others)) }
})
afterAll(async () => {
  await stopRoles(running, 60_000)
  await wipeQueues(endpoints.redis, pair.name)
  for (const line of Object.values(lines)) await line.close()
  for (const file of [files.victim, files.others]) file.remove()
  await pair.close()
})

const start = async (role: 'scheduler' | 'worker', file: ReturnType<typeof configFile>): Promise<RoleProcess> => {
  const started = await startRole(role, { configFile: file.path, folder: file.folder, base: distUrl })
  running.push(started)
  return started
}

/** As it stands in a request of Cassandra's protocol. */
const bytesOf = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex')

test('a worker that was stopped beyond its lock writes nothing of what it had read, and works on', async () => {
  const [id, later] = idsOf(2, 'stopped worker') as [string, string]
  await start('scheduler', files.others)
  const victim = await start('worker', files.victim)
  const version = Math.floor(Date.now() / 1_000)
  // Its row is read after everything else; then only the decision and the write are left.
  const reading = lines.cassandra.trap({ bytes: bytesOf(id), hold: 'answer' })
  await pair.batch(id, version, { vint: 1, vstring: 'old' })
  const caught = await reading.caught
  victim.kill('SIGSTOP')
  caught.release()

  // Another one takes the window over, and the record lives on.
  await start('worker', files.others)
  await eventually(async () => expect(await pair.document(id)).toMatchObject({ version }), 60_000)
  const newer = Math.max(version + 1, Math.floor(Date.now() / 1_000))
  await pair.batch(id, newer, { vint: 2, vstring: 'new' })
  await eventually(async () => expect(await pair.document(id)).toMatchObject({ version: newer }), 60_000)

  let wrote = false
  const bulk = lines.elasticsearch.trap({ bytes: '/_bulk', hold: 'request' })
  const seen = async (): Promise<void> => {
    const { release } = await bulk.caught
    wrote = true
    release()
  }
  void seen()
  const saidBefore = readFileSync(victim.logFile, 'utf8').length
  // It learns late that it has lost its lock: until then it is on its own.
  lines.redis.slow({ latencyMs: 1_500 })
  victim.kill('SIGCONT')
  const saidSince = (): string => readFileSync(victim.logFile, 'utf8').slice(saidBefore)
  await until('it learns of it', () => /lock lost|Missing lock/.test(saidSince()), 60_000)
  await lines.redis.mend()
  expect(wrote).toBe(false)
  bulk.remove()
  expect(await pair.document(id)).toMatchObject({ version: newer, source: { vint: 2, vstring: 'new' } })
  expect(await pair.row(id)).toMatchObject({ vint: 2, vstring: 'new' })

  // With the other one gone, only the victim is left to do it.
  const [, , other] = running as [RoleProcess, RoleProcess, RoleProcess]
  other.kill('SIGKILL')
  await pair.batch(later, Math.floor(Date.now() / 1_000), { vint: 3 })
  await eventually(async () => expect(await pair.document(later)).toMatchObject({ source: { vint: 3 } }), 60_000)
})
