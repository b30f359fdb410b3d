/** Secrets that can be recognised stand in every place of a configuration; nothing that anybody gets to see has one. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProgram } from '../../src/cli/program.js'
import { endpointsFrom } from '../../src/demo/schema.js'
import { wipeQueues } from '../../src/demo/watch.js'
import { caesSync, configFile } from '../support/cli.js'
import { eventually } from '../support/eventually.js'
import { freePort } from '../support/free-port.js'
import { basicOf } from '../support/http-users.js'
import { idsOf } from '../support/ids.js'
import { caesSyncHere } from '../support/in-process-cli.js'
import { openPair, type PairFixture } from '../support/pair-fixture.js'

/** Each with characters that a URL, JSON and base64 spell differently. */
const secret = (what: string): string => `pl@nted/${what}"+é`
const kinds = [
  'elasticsearch',
  'header',
  'cassandra',
  'redis',
  'user',
  'override',
  'passphrase',
  'sentinel',
  'url',
] as const

const spellings = kinds.flatMap((kind) => {
  const text = secret(kind)
  return [
    text,
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    Buffer.from(text).toString('base64').replace(/=+$/, ''),
    // The heart of it, in case somebody spells the rest in yet another way.
    `nted/${kind}`,
    `nted%2F${kind}`,
  ]
})

const leaksIn = (text: string): string[] => spellings.filter((each) => text.includes(each))

let pair: PairFixture
let good: ReturnType<typeof configFile>
let bad: ReturnType<typeof configFile>

beforeAll(async () => {
  pair = await openPair()
  const written = JSON.parse(pair.configText) as Record<string, Record<string, unknown>>
  const driver = (block: string): object => written[block]!['driver'] as object
  const planted = {
    ...written,
    ElasticSearchConfig: {
      ...written['ElasticSearchConfig'],
      driver: {
        ...driver('ElasticSearchConfig'),
        http_auth: ['elastic', secret('elasticsearch')],
        headers: { 'x-auth-token': secret('header').replace('é', 'e') },
      },
    },
    CassandraConfig: {
      ...written['CassandraConfig'],
      driver: { ...driver('CassandraConfig'), auth_provider: { username: 'caes', password: secret('cassandra') } },
    },
    redis: { ...written['redis'], password: secret('redis') },
    sync: { deletes: { field: 'deleted', purgeAfter: '720h' } },
    http: { listen: '127.0.0.1:0', users: [{ name: 'ann', role: 'admin', password: secret('user') }] },
  }
  good = configFile(JSON.stringify(planted))
  const port = await freePort()
  bad = configFile(
    JSON.stringify({
      ...planted,
      ElasticSearchConfig: {
        ...planted.ElasticSearchConfig,
        driver: { hosts: [`http://elastic:${encodeURIComponent(secret('url'))}@127.0.0.1:${port}`] },
      },
      CassandraConfig: {
        ...planted.CassandraConfig,
        driver: { ...planted.CassandraConfig.driver, contact_points: ['127.0.0.1'], port },
      },
      redis: {
        sentinel: { name: 'main', nodes: [`127.0.0.1:${port}`], username: 'watcher', password: secret('sentinel') },
        password: secret('redis'),
        tls: { passphrase: secret('passphrase') },
        prefix: pair.name,
      },
    }),
  )
  const [a] = idsOf(1, 'secrets') as [string]
  await pair.index(a, 10, { vint: 1 })
  await pair.index('no-uuid', 10, { vint: 1 })
})
afterAll(async () => {
  await wipeQueues(endpointsFrom(process.env).redis, pair.name)
  good.remove()
  bad.remove()
  await pair.close()
})

const [record] = idsOf(1, 'secrets') as [string]
const range = ['--from', '0', '--to', '100']

/** Verbs that end by themselves, each with what makes it do most. */
const ending: Readonly<Record<string, readonly (readonly string[])[]>> = {
  status: [['status']],
  windows: [['windows']],
  retry: [['retry', '--all-failed']],
  rejects: [['rejects']],
  pause: [['pause']],
  resume: [['resume']],
  sync: [['sync', ...range]],
  purge: [['purge']],
  verify: [['verify']],
  retarget: [['retarget', '--index', 'other']],
  backfill: [['backfill', '--from', 'both', '--dry-run']],
  validate: [['validate'], ['validate', '--offline']],
  explain: [['explain', record]],
  doctor: [['doctor']],
  config: [
    ['config', 'show'],
    ['config', 'schema'],
  ],
  completion: [['completion', 'bash']],
}

/** And why the others are not tried here. */
const otherwise: Readonly<Record<string, string>> = {
  run: 'in the background, below',
  start: 'below',
  stop: 'below',
  restart: 'start and stop',
  reload: 'reads the configuration as start does',
  init: 'below: it takes addresses instead of a configuration',
  demo: 'has a configuration of its own',
  'hash-password': 'test/e2e/access.test.ts',
  help: 'reads nothing',
}

test('every verb that there is has been thought of', () => {
  const verbs = createProgram().commands.map((command) => command.name())
  expect(verbs.filter((verb) => !Object.hasOwn(ending, verb) && !Object.hasOwn(otherwise, verb))).toEqual([])
})

const runs = Object.values(ending).flat()

describe('with stores that answer', () => {
  test.each(runs.map((args) => [args.join(' '), args] as const))('%s shows no secret', async (_name, args) => {
    for (const more of [[], ['--json'], ['-v', '--no-color']]) {
      const { stdout, stderr } = await caesSyncHere([...args, ...more, '-c', good.path])
      expect({ more, leaks: leaksIn(stdout + stderr) }).toEqual({ more, leaks: [] })
    }
  })
})

/** Each that waits for Redis costs some seconds, and they wait in one and the same way. */
const waiting: ReadonlySet<string> = new Set(['status', 'retry', 'rejects', 'explain', 'doctor'])

describe('with stores that are all down', () => {
  test.each(runs.filter(([verb]) => !waiting.has(verb!)).map((args) => [args.join(' '), args] as const))(
    '%s shows no secret',
    async (_name, args) => {
      const { stdout, stderr } = await caesSyncHere([...args, '-v', '-c', bad.path])
      expect(leaksIn(stdout + stderr)).toEqual([])
    },
  )
})

/** What init writes is a configuration, and has what it was given; nothing else tells it. */
test('init tells no password of the addresses that it is given, and writes them for its owner alone', async () => {
  const { elasticsearch, cassandra, redis } = endpointsFrom(process.env)
  const withLogin = (url: string, kind: string): string => {
    const { protocol, host } = new URL(url)
    return `${protocol}//elastic:${encodeURIComponent(secret(kind))}@${host}`
  }
  const output = join(good.folder, 'init.yaml')
  const away = `127.0.0.1:${await freePort()}`
  const names = ['--index', `${pair.name}_init`, '--keyspace', `${pair.name}_init`, '--output', output, '--force']
  for (const [es, cas, code] of [
    [elasticsearch, cassandra, 0],
    [`http://${away}`, cassandra, 69],
    [elasticsearch, away, 69],
  ] as const) {
    for (const more of [[], ['--json'], ['-v']]) {
      const places = ['--elasticsearch', withLogin(es, 'url'), '--cassandra', cas, '--redis', withLogin(redis, 'redis')]
      const { stdout, stderr, code: ended } = await caesSyncHere(['init', ...names, ...places, ...more])
      expect({ es, cas, more, ended, leaks: leaksIn(stdout + stderr) }).toEqual({
        es,
        cas,
        more,
        ended: code,
        leaks: [],
      })
    }
  }
  expect(readFileSync(output, 'utf8')).toContain(encodeURIComponent(secret('url')))
  expect(statSync(output).mode & 0o077).toBe(0)
})

test('a configuration that is wrong is explained without its secrets', async () => {
  const redis = ['redis', 'redis.url', 'redis.password', 'redis.tls', 'redis.tls.passphrase', 'redis.sentinel']
  const elasticsearch = ['ElasticSearchConfig', 'ElasticSearchConfig.driver', 'ElasticSearchConfig.driver.http_auth']
  const cassandra = ['CassandraConfig', 'CassandraConfig.driver', 'CassandraConfig.driver.auth_provider']
  const places = [...redis, ...elasticsearch, ...cassandra, 'http', 'http.users', 'pairs', 'interval.x', 'x.y']
  const text = secret('override')
  for (const set of places) {
    for (const value of [text, JSON.stringify([text]), JSON.stringify({ a: text }), JSON.stringify([[text]])]) {
      const { stdout, stderr } = await caesSyncHere([
        'validate',
        '--offline',
        '-c',
        good.path,
        '--set',
        `${set}=${value}`,
      ])
      expect({ set, value, leaks: leaksIn(stdout + stderr) }).toEqual({ set, value, leaks: [] })
    }
  }
})

test('the service shows none in its arguments, its log, its jobs, its pages and its metrics', async () => {
  const env = { CAES_HOME: join(good.folder, 'home') }
  const override = `redis.password=${JSON.stringify(secret('override'))}`
  const started = await caesSync(['start', '-v', '-c', good.path, '--set', override], env)
  try {
    expect(started).toMatchObject({ code: 0 })
    const { pid } = JSON.parse(readFileSync(join(env.CAES_HOME, 'caes-sync.pid'), 'utf8')) as { pid: number }
    const log = (): string => readFileSync(join(env.CAES_HOME, 'caes-sync.log'), 'utf8')
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(log())![0]
    const now = Math.floor(Date.now() / 1_000)
    await pair.index(idsOf(1, 'now')[0]!, now, { vint: 1 })
    await pair.index('still-no-uuid', now, { vint: 1 })

    const copied = await caesSync(['backfill', '--from', 'both', '--json', '-v', '-c', good.path])
    expect(leaksIn(copied.stdout + copied.stderr)).toEqual([])
    expect(copied.stdout).not.toBe('')

    const redis = new Redis(endpointsFrom(process.env).redis)
    const seen = await eventually(async () => {
      const parts: string[] = []
      for (const key of await redis.keys(`${pair.name}:*`)) {
        const type = await redis.type(key)
        if (type === 'hash') parts.push(JSON.stringify(await redis.hgetall(key)))
        else if (type === 'string') parts.push((await redis.get(key)) ?? '')
        else if (type === 'stream') parts.push(JSON.stringify(await redis.xrange(key, '-', '+')))
      }
      const all = parts.join('\n')
      expect(all).toContain('still-no-uuid')
      return all
    })
    redis.disconnect()
    const authorization = basicOf('ann', secret('user'))
    const pages: Record<string, string> = { log: log(), jobs: seen, said: started.stdout + started.stderr }
    for (const path of ['/', '/fragment', '/metrics', '/readyz', '/healthz', '/login', '/board', '/board/api/queues']) {
      const answer = await fetch(`${url}${path}`, { headers: { authorization } })
      expect({ path, status: answer.status }).toEqual({ path, status: 200 })
      pages[path] = await answer.text()
    }
    if (existsSync(`/proc/${pid}/cmdline`)) pages['arguments'] = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    for (const [where, text] of Object.entries(pages))
      expect({ where, leaks: leaksIn(text) }).toEqual({ where, leaks: [] })
  } finally {
    await caesSync(['stop', '-c', good.path], env)
  }
})
