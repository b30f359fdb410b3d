import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { levels } from '../../../src/core/log-plan.js'
import type { LogRecord } from '../../../src/runtime/logging/record.js'
import { syslogSink } from '../../../src/runtime/logging/syslog.js'
import { eventually } from '../../support/eventually.js'

const at = (level: number): LogRecord => ({ time: 0, level, name: 'caes', message: '', fields: {} })
const common = { facility: 16, stream: false, ident: '' }

test('by UDP a line is a datagram with its priority, facility and severity in one number', async () => {
  const server = createSocket('udp4')
  const received: string[] = []
  server.on('message', (message) => received.push(message.toString()))
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve))
  const sink = syslogSink(
    { ...common, address: { host: '127.0.0.1', port: server.address().port }, ident: 'caes: ' },
    () => undefined,
  )
  try {
    for (const level of Object.values(levels)) sink.write(`level ${level}\nand more`, at(level))
    await eventually(() => {
      expect([...received].sort()).toEqual([
        '<130>caes: level 50 and more\0',
        '<131>caes: level 40 and more\0',
        '<132>caes: level 30 and more\0',
        '<134>caes: level 20 and more\0',
        '<135>caes: level 10 and more\0',
      ])
    })
  } finally {
    sink.close()
    server.close()
  }
})

test.each(['a port', 'a socket of this machine'])('by %s a line is a part of a stream', async (kind) => {
  const folder = mkdtempSync(join(tmpdir(), 'caes-syslog-'))
  let received = ''
  const server = createServer((socket) => socket.on('data', (data: Buffer) => (received += data.toString())))
  const path = join(folder, 'log')
  await new Promise<void>((resolve) =>
    kind === 'a port' ? server.listen(0, '127.0.0.1', resolve) : server.listen(path, resolve),
  )
  const address = kind === 'a port' ? { host: '127.0.0.1', port: (server.address() as AddressInfo).port } : path
  const sink = syslogSink({ ...common, facility: 1, stream: true, address }, () => undefined)
  try {
    sink.write('one', at(levels.INFO))
    sink.write('two', at(levels.ERROR))
    await eventually(() => expect(received).toBe('<14>one\0<11>two\0'))
  } finally {
    sink.close()
    server.close()
    rmSync(folder, { recursive: true })
  }
})

test('a socket that is not there is complained about once', async () => {
  const complaints: string[] = []
  const sink = syslogSink({ ...common, address: '/nowhere/log' }, (problem) => complaints.push(problem))
  sink.write('one', at(levels.INFO))
  await eventually(() => expect(complaints).toEqual([expect.stringContaining('syslog at /nowhere/log') as string]))
  sink.write('two', at(levels.INFO))
  sink.close()
  expect(complaints).toHaveLength(1)
})
