/** What keeps web pages out of a dashboard that asks for no login. */
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { guard } from '../../../src/http/guard.js'

const statusOf = async (listens: string, method: string, headers: Record<string, string>): Promise<number> => {
  const app = new Hono().use(guard(listens)).all('*', (context) => context.text('reached'))
  return (await app.request('http://localhost/anything', { method, headers })).status
}

describe('on the loopback', () => {
  test.each([
    ['localhost:9464', 200],
    ['127.0.0.1:9464', 200],
    ['[::1]:9464', 200],
    ['localhost', 200],
    // A name of the attacker that resolves to this machine.
    ['evil.example:9464', 403],
    ['localhost.evil.example', 403],
    ['127.0.0.1.evil.example:9464', 403],
    ['', 403],
  ])('a request by the name "%s" is answered with %i', async (host, status) => {
    for (const method of ['GET', 'POST']) expect(await statusOf('127.0.0.1', method, { host })).toBe(status)
  })

  test('elsewhere any name will do: it is not known by which it is reached', async () => {
    expect(await statusOf('0.0.0.0', 'GET', { host: 'ops.example' })).toBe(200)
  })
})

describe.each(['POST', 'PUT', 'PATCH', 'DELETE'])('a %s without any login', (method) => {
  test.each([
    ['by a script, which is no browser', {}, 200],
    ['of our own page', { origin: 'http://localhost:9464', 'sec-fetch-site': 'same-origin' }, 200],
    ['of our own page, in an older browser', { origin: 'http://localhost:9464' }, 200],
    ['of another site, in an older browser', { origin: 'http://evil.example' }, 403],
    ['of another port of this machine', { origin: 'http://localhost:8080' }, 403],
    ['of a sandboxed frame', { origin: 'null' }, 403],
    ['of another site that hides its origin', { 'sec-fetch-site': 'cross-site' }, 403],
    ['of a neighbouring site', { 'sec-fetch-site': 'same-site' }, 403],
    ['that contradicts itself', { origin: 'http://localhost:9464', 'sec-fetch-site': 'cross-site' }, 403],
  ] as const)('%s', async (_, headers, status) => {
    expect(await statusOf('127.0.0.1', method, { host: 'localhost:9464', ...headers })).toBe(status)
  })
})

test('reading is not asked where it comes from: it changes nothing, and other sites cannot read the answer', async () => {
  const headers = { host: 'localhost:9464', 'sec-fetch-site': 'cross-site' }
  for (const method of ['GET', 'HEAD']) expect(await statusOf('127.0.0.1', method, headers)).toBe(200)
})
