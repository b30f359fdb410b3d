import { expect, test } from 'vitest'
import { readSettings } from '../../../stack/settings.js'

test('without any variable everything has its usual port', () => {
  const { ports, elasticsearchVersion, engine, folder } = readSettings({})
  expect(ports.elasticsearch).toEqual({ port: 9200, explicit: false })
  expect(ports.cassandra).toEqual({ port: 9042, explicit: false })
  expect(ports.redis).toEqual({ port: 6379, explicit: false })
  expect({ elasticsearchVersion, engine, folder }).toEqual({
    elasticsearchVersion: '9.5.0',
    engine: 'detect',
    folder: undefined,
  })
})

test('variables move ports and choose the version, and empty ones count as unset', () => {
  const { ports, elasticsearchVersion } = readSettings({
    CAES_ES_PORT: '19200',
    CAES_REDIS_PORT: '',
    ES_VERSION: '8.19.0',
  })
  expect(ports.elasticsearch).toEqual({ port: 19_200, explicit: true })
  expect(ports.redis).toEqual({ port: 6379, explicit: false })
  expect(elasticsearchVersion).toBe('8.19.0')
})

test.each([
  ['CAES_ES_PORT', 'http'],
  ['CAES_CASSANDRA_PORT', '70000'],
  ['CAES_REDIS_PORT', '0'],
  ['CAES_CASSANDRA_STORAGE_PORT', '-1'],
  ['ES_VERSION', '9'],
  ['ES_VERSION', '../../etc'],
  ['CAES_STACK_ENGINE', 'podman'],
])('%s=%s is refused by name', (variable, value) => {
  expect(() => readSettings({ [variable]: value })).toThrow(
    expect.objectContaining({ code: 'CAES_USAGE', message: expect.stringContaining(variable) }),
  )
})

test('two servers cannot have the same port', () => {
  expect(() => readSettings({ CAES_ES_PORT: '9042' })).toThrow(/CAES_ES_PORT and CAES_CASSANDRA_PORT are both 9042/)
})

test('a secure stack has ports of its own and runs without Docker', () => {
  const plain = Object.values(readSettings({}).ports).map(({ port }) => port)
  const secure = readSettings({}, true)
  for (const { port } of Object.values(secure.ports)) expect(plain).not.toContain(port)
  expect(secure.engine).toBe('native')
  expect(() => readSettings({ CAES_STACK_ENGINE: 'docker' }, true)).toThrow(/runs without it/)
})
