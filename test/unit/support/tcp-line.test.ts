import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../../support/eventually.js'
import { openLine, type TcpLine } from '../../support/tcp-line.js'

/** Answers every byte with the same byte. */
let echo: { readonly received: () => string; close(): Promise<void> }
let line: TcpLine
const clients: Client[] = []

interface Client {
  readonly socket: Socket
  readonly answers: () => string
  /** undefined while it is open, else the error's code or 'ended' */
  readonly end: () => string | undefined
}

const call = (): Client => {
  const socket = connect(line.port, '127.0.0.1')
  let answers = ''
  let end: string | undefined
  socket.on('data', (data) => (answers += data.toString()))
  socket.on('error', (error: NodeJS.ErrnoException) => (end = error.code))
  socket.on('close', () => (end ??= 'ended'))
  const client = { socket, answers: () => answers, end: () => end }
  clients.push(client)
  return client
}

const say = async (client: Client, text: string): Promise<void> => {
  client.socket.write(text)
  await until(`the answer "${text}"`, () => client.answers().endsWith(text))
}

beforeEach(async () => {
  const sockets = new Set<Socket>()
  let received = ''
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('data', (data) => {
      received += data.toString()
      socket.write(data)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  echo = {
    received: () => received,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
  line = await openLine('127.0.0.1', (server.address() as AddressInfo).port)
})
afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.destroy()
  await line.close()
  await echo.close()
})

describe('a line', () => {
  it('passes everything on', async () => {
    await say(call(), 'hello')
    expect(echo.received()).toBe('hello')
  })

  it('that is slow keeps the order and takes its time each way', async () => {
    const client = call()
    await say(client, '.')
    line.slow({ latencyMs: 40, jitterMs: 40 })
    const began = performance.now()
    for (const letter of 'abcdef') client.socket.write(letter)
    await until('all answers', () => client.answers().length === 7)
    expect(client.answers()).toBe('.abcdef')
    expect(performance.now() - began).toBeGreaterThan(79)
  })

  it('that is narrow delivers all of a large message, as fast as it may', async () => {
    const client = call()
    await say(client, '.')
    line.slow({ bytesPerSecond: 2_000_000 })
    const began = performance.now()
    client.socket.write('x'.repeat(400_000))
    await until('all of it', () => client.answers().length === 400_001)
    // The echo starts with the first bytes, so both ways overlap.
    expect(performance.now() - began).toBeGreaterThan(190)
  })

  it('that is cut ends connections and refuses new ones until it is mended, on the same port', async () => {
    const client = call()
    await say(client, 'a')
    await line.cut()
    await until('the end', client.end)
    const refused = call()
    expect(await until('the refusal', refused.end)).toBe('ECONNREFUSED')
    await line.mend()
    await say(call(), 'b')
  })

  it('that is reset breaks connections, and new ones pass', async () => {
    const client = call()
    await say(client, 'a')
    line.reset()
    expect(await until('the end', client.end)).toBe('ECONNRESET')
    await say(call(), 'b')
  })

  it('that is silent accepts connections and loses what they say; one that lost something never speaks again', async () => {
    const before = call()
    await say(before, 'a')
    line.silence('requests', 'answers')
    const during = call()
    during.socket.write('x')
    before.socket.write('y')
    await until('both are connected', () => !during.socket.connecting)
    await line.mend()
    await say(call(), 'b')
    before.socket.write('z')
    await say(call(), 'c')
    expect(before.answers() + during.answers()).toBe('a')
    expect(echo.received()).toBe('abc')
    expect([before.end(), during.end()]).toEqual([undefined, undefined])
  })

  it('that is silent on the way back lets requests through', async () => {
    line.silence('answers')
    const client = call()
    client.socket.write('a')
    await until('it arrives', () => echo.received() === 'a')
    expect(client.answers()).toBe('')
  })
})

describe('a trap', () => {
  it('holds the request before the server has it, and all behind it', async () => {
    const client = call()
    await say(client, 'first')
    const trap = line.trap({ bytes: 'bulk', hold: 'request' })
    client.socket.write('a bulk')
    const caught = await trap.caught
    client.socket.write(' and more')
    await say(call(), '!')
    expect(echo.received()).toBe('first!')
    caught.release()
    await until('the rest', () => client.answers() === 'firsta bulk and more')
  })

  it('holds the answer after the server had the request', async () => {
    const client = call()
    const trap = line.trap({ bytes: 'bulk', hold: 'answer' })
    client.socket.write('bulk')
    const caught = await trap.caught
    expect(echo.received()).toBe('bulk')
    expect(client.answers()).toBe('')
    caught.drop()
    await until('the end', client.end)
    expect(client.answers()).toBe('')
  })

  it('recognises what is cut into packets, and counts each occurrence once', async () => {
    const client = call()
    const trap = line.trap({ bytes: 'abc', nth: 3, hold: 'request' })
    for (const part of ['xab', 'c ab', 'cx']) await say(client, part)
    client.socket.write('a')
    await until('it passes', () => echo.received() === 'xabc abcxa')
    client.socket.write('bc')
    const caught = await trap.caught
    expect(echo.received()).toBe('xabc abcxa')
    caught.release()
    await until('it passes', () => echo.received() === 'xabc abcxabc')
  })

  it('that is removed lets everything pass', async () => {
    const trap = line.trap({ bytes: 'abc', hold: 'request' })
    trap.remove()
    await say(call(), 'abc')
    expect(echo.received()).toBe('abc')
  })
})
