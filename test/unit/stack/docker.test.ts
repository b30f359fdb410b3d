import { expect, test } from 'vitest'
import { parseComposePs } from '../../../stack/docker.js'
import { statusTable } from '../../../stack/status.js'

const redis = { Service: 'redis', State: 'running', Publishers: [{ URL: '127.0.0.1', PublishedPort: 6379 }] }
const worker = { Service: 'worker', State: 'exited', Publishers: null }
const read = new Map([
  ['redis', { state: 'running', ports: [6379] }],
  ['worker', { state: 'exited', ports: [] }],
])

test('containers are read from one object a line', () => {
  expect(parseComposePs(`${JSON.stringify(redis)}\n${JSON.stringify(worker)}\n`)).toEqual(read)
})

test('containers are read from the one array of older clients', () => {
  expect(parseComposePs(JSON.stringify([redis, worker]))).toEqual(read)
})

test('no containers are an empty answer', () => {
  expect(parseComposePs('')).toEqual(new Map())
})

test('the status is a table with one line a server', () => {
  const rows = [
    { name: 'redis', state: 'up', version: '7.0.15', endpoint: 'redis://127.0.0.1:6379', pid: 4711 },
    { name: 'cassandra', state: 'down', version: undefined, endpoint: '127.0.0.1:9042', pid: undefined },
  ] as const
  expect(statusTable(rows).split('\n')).toEqual([
    'SERVER     STATE  VERSION  ENDPOINT                PID',
    'redis      up     7.0.15   redis://127.0.0.1:6379  4711',
    'cassandra  down   -        127.0.0.1:9042          -',
  ])
})
