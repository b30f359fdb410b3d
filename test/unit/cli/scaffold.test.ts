import { expect, test } from 'vitest'
import { configTemplate } from '../../../src/core/scaffold.js'
import { parse } from '../config/support.js'

test('the file that init writes is read as it was meant, whatever the names are', async () => {
  const names = { index: 'orders', keyspace: 'Shop', dataTable: 'Orders', timeseriesTable: 'ts' }
  const addresses = { elasticsearch: 'http://es:9200', cassandra: { host: 'cas', port: 9043 }, redis: 'redis://r:1' }
  const { pairs, redis, warnings } = await parse(configTemplate(names, addresses))
  expect(pairs[0]).toMatchObject({
    elasticsearch: { index: 'orders', connection: { nodes: ['http://es:9200'] } },
    cassandra: {
      keyspace: 'Shop',
      dataTable: 'Orders',
      timeseriesTable: 'ts',
      connection: { contactPoints: ['cas'], port: 9043 },
    },
  })
  expect(redis.url).toBe('redis://r:1')
  expect(warnings).toEqual([])
})

test('what is commented out in it can be taken in', async () => {
  const names = { index: 'orders', keyspace: 'shop', dataTable: 'orders', timeseriesTable: 'ts' }
  const addresses = { elasticsearch: 'http://es:9200', cassandra: { host: 'cas', port: 9042 }, redis: 'redis://r:1' }
  const whole = configTemplate(names, addresses)
    .replaceAll(/^( *)# (\w+: )/gm, '$1$2')
    .replace(/password: \{ file: [^}]*\}/, 'password: x')
  const { pairs } = await parse(whole, { env: { ES_PASSWORD: 'x' } })
  expect(pairs[0]?.cassandra.ttlSeconds).toBe(3600)
})
