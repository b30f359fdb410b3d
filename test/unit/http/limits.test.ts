import { connect, type Socket } from 'node:net'
import { Hono } from 'hono'
import { afterEach, expect, test } from 'vitest'
import { listen, privateAddress, type Limits, type Listening } from '../../../src/http/server.js'

const limits: Limits = { headersMs: 200, requestMs: 400, idleMs: 200, checkMs: 50, connections: 3 }
let server: Listening
const sockets: Socket[] = []
const timers: NodeJS.Timeout[] = []
afterEach(async () => {
  for (const timer of timers.splice(0)) clearInterval(timer)
  for (const socket of sockets.splice(0)) socket.destroy()
  await server.close()
})

const start = async (own: Partial<Limits> = {}): Promise<void> => {
  const app = new Hono().get('/', (context) => context.text('hello'))
  app.onError((_, context) => context.text('gone', 400)) // the visitor is, when its body is cut off
  app.post('/', async (context) => context.text(`${(await context.req.text()).length}`))
  server = await listen(app, privateAddress, { ...limits, ...own })
}

/** Sends bytes, then drips more for as long as it is let; resolves to what was answered before the end. */
const drip = (begin: string, more: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(begin))
    sockets.push(socket)
    let answer = ''
    timers.push(setInterval(() => socket.write(more), 30))
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
    socket.on('error', () => undefined) // what is written after the end
    socket.once('close', () => resolve(answer))
  })

test('a visitor that never ends its headers is sent away', async () => {
  // The limit of the whole request is out of the way, so that it is the one of the headers that ends it.
  await start({ requestMs: 60_000 })
  expect(await drip('GET / HTTP/1.1\r\nHost: localhost\r\n', 'X-A: b\r\n')).toMatch(/^HTTP\/1\.1 408/)
})

test('a visitor that never ends its body is sent away', async () => {
  await start()
  expect(await drip('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n', 'x')).toMatch(
    /^HTTP\/1\.1 408|^$/,
  )
})

test('a visitor that says nothing more after an answer is let go', async () => {
  await start()
  expect(await drip('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n', '')).toContain('hello')
})

test('headers without end are refused', async () => {
  await start()
  expect(await drip(`GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ${'x'.repeat(100_000)}\r\n\r\n`, '')).toMatch(
    /^HTTP\/1\.1 431/,
  )
})

test('more connections than are allowed are ended at once, and the others go on', async () => {
  await start()
  const held = Array.from({ length: 3 }, () => {
    const socket = connect(server.port, '127.0.0.1')
    sockets.push(socket)
    return new Promise((resolve) => socket.once('connect', resolve))
  })
  await Promise.all(held)
  expect(await drip('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n', '')).toBe('')
})
