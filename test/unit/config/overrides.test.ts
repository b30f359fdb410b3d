import { expect, test } from 'vitest'
import { firstPair, minimal, parse, problemsOf } from './support.js'

const pair =
  '- {name: orders, ElasticSearchConfig: {index: o}, CassandraConfig: {keyspace: k, dataColumnFamily: o, timeseriesColumnFamily: o_ts}}'

test('a value of the file is replaced, and blocks are made where there are none', async () => {
  const set = ['sync.overlap=30s', 'worker.concurrency=9', 'CassandraConfig.driver.contact_points=[a, b]', 'interval=5']
  const config = await parse(minimal('sync: {overlap: 40s, settle: 1s}', 'worker:'), { set })
  expect(config.sync).toMatchObject({ overlapMs: 30_000, settleMs: 1000 })
  expect(config.worker.concurrency).toBe(9)
  expect(config.intervalSeconds).toBe(5)
  expect(firstPair(config).cassandra.connection.contactPoints).toEqual(['a', 'b'])
})

test('the last of several wins, and everything after the first = is the value', async () => {
  const set = ['redis.url=redis://a:1', 'redis.url=redis://b:1/0?x=y']
  expect((await parse(minimal(), { set })).redis.url).toBe('redis://b:1/0?x=y')
})

test('an empty value goes back to the default', async () => {
  expect((await parse(minimal('worker: {attempts: 9}'), { set: ['worker.attempts='] })).worker.attempts).toBe(5)
})

test('a pair is named by its number or its name', async () => {
  const text = minimal('pairs:', pair)
  const set = ['pairs.orders.sync.unit=ms', 'pairs.0.CassandraConfig.ttl=2h']
  const [, orders] = (await parse(text, { set })).pairs
  expect(orders).toMatchObject({ sync: { unit: 'ms' }, cassandra: { ttlSeconds: 7200 } })
})

test('the other user of a shared block keeps its value', async () => {
  const text = minimal('pairs:', '- name: b', '  ElasticSearchConfig: {index: b}', '  CassandraConfig: *cs').replace(
    'CassandraConfig:\n',
    'CassandraConfig: &cs\n',
  )
  const config = await parse(text, { set: ['CassandraConfig.keyspace=other'] })
  expect(config.pairs.map(({ cassandra }) => cassandra.keyspace)).toEqual(['other', 'logs'])
})

test('variables are left to the shell', async () => {
  expect((await parse(minimal(), { set: ['redis.prefix=${HOME}'] })).redis.prefix).toBe('${HOME}')
})

test('what is wrong is told by the assignment, without the value', async () => {
  const set = [
    'sync.settel=1s',
    'sync.unit=min',
    'nonsense',
    '=x',
    'interval.x=1',
    'pairs.orders.sync.unit=ms',
    'a.__proto__.b=1',
  ]
  expect(await problemsOf(minimal('pairs: []'), { set })).toEqual([
    '--set nonsense: it has not the form key.key=value; try --set sync.overlap=30s',
    '--set =…: it has not the form key.key=value; try --set sync.overlap=30s',
    '--set interval.x=…: "x" cannot be set inside a single value',
    '--set pairs.orders.sync.unit=…: the list has no entry "orders"',
    '--set a.__proto__.b=…: the key "__proto__" is not allowed',
    '--set sync.unit=…: sync.unit must be one of s, ms, us, got "min"',
    '--set sync.settel=…: unknown key "settel" in sync; did you mean "settle"?',
  ])
})

test('a value that is no YAML is an error at the assignment', async () => {
  await expect(parse(minimal(), { set: ['interval=[1'] })).rejects.toMatchObject({
    code: 'CAES_CONFIG_SYNTAX',
    where: '--set interval=…',
  })
})
