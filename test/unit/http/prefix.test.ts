import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { prefixOf, relativePath } from '../../../src/http/prefix.js'

const prefix = async (header: string | undefined, behindProxy: boolean): Promise<string> => {
  const app = new Hono().get('/', (context) => context.text(prefixOf(context, behindProxy)))
  return (await app.request('/', header === undefined ? {} : { headers: { 'x-forwarded-prefix': header } })).text()
}

test.each([
  ['/caes', '/caes'],
  ['/ops/caes-sync/', '/ops/caes-sync'],
  [undefined, ''],
  ['', ''],
  ['/', ''],
  ['caes', ''],
  ['//evil.example', ''],
  ['/a/../b', '/a/../b'],
  ['/"><script>', ''],
  ['/a b', ''],
])('a proxy that says %j serves below %j', async (header, found) => {
  expect(await prefix(header, true)).toBe(found)
})

test('without a proxy nobody is believed', async () => {
  expect(await prefix('/caes', false)).toBe('')
})

test.each([
  ['/', '/login'],
  ['/board', '/login'],
  ['/board/', '/login'],
  ['/board/queue/windows', '/login'],
  ['/login', '/board/queue/windows'],
  ['/login', '/'],
])('from %s to %s a browser finds its way, below a path as well', (from, to) => {
  for (const base of ['http://here', 'http://here/caes']) {
    expect(new URL(relativePath(from, to), base + from).href).toBe(base + to)
  }
})
