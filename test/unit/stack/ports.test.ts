import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { findRunning } from '../../../stack/bring-up.js'
import { freePorts, internalPort, isPortBusy } from '../../../stack/ports.js'
import { someServer } from './sleeper.js'
import { temporaryFolder } from './temporary-folder.js'

async function listen(host: string): Promise<number> {
  const server = createServer((socket) => socket.destroy())
  server.listen(0, host)
  await once(server, 'listening')
  onTestFinished(async () => {
    await new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

test('a port is busy when a program listens on 127.0.0.1 or on every address', async () => {
  expect(await isPortBusy(await listen('127.0.0.1'))).toBe(true)
  expect(await isPortBusy(await listen('0.0.0.0'))).toBe(true)
})

test('drawn ports are different and free', async () => {
  const ports = await freePorts(5)
  expect(new Set(ports).size).toBe(5)
  for (const port of ports) expect(await isPortBusy(port)).toBe(false)
})

test('a port that another program uses is an error that names the variable to set', async () => {
  const port = await listen('127.0.0.1')
  await expect(findRunning({ ...someServer, port }, temporaryFolder())).rejects.toMatchObject({
    code: 'CAES_PORT_TAKEN',
    message: expect.stringContaining(String(port)),
    hint: expect.stringContaining('CAES_REDIS_PORT'),
  })
})

test('an internal port moves to a free one unless the user named it', async () => {
  const port = await listen('127.0.0.1')
  expect(await internalPort('Cassandra storage', { port, explicit: false }, 'CAES_CASSANDRA_STORAGE_PORT')).not.toBe(
    port,
  )
  await expect(
    internalPort('Cassandra storage', { port, explicit: true }, 'CAES_CASSANDRA_STORAGE_PORT'),
  ).rejects.toMatchObject({
    code: 'CAES_PORT_TAKEN',
    hint: expect.stringContaining('CAES_CASSANDRA_STORAGE_PORT'),
  })
})
