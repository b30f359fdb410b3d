/**
 * Syslog as Python's SysLogHandler speaks it: `<priority>text` and a NUL, by UDP, TCP, or the socket of this machine.
 * Node.js cannot open a datagram socket of this machine, which /dev/log is; there `logger` of util-linux carries it.
 */
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { createConnection, Socket } from 'node:net'
import { levels } from '../../core/log-plan.js'
import type { LogRecord } from './record.js'
import type { Sink } from './sink.js'

export interface SyslogOptions {
  readonly address: string | { readonly host: string; readonly port: number }
  readonly facility: number
  readonly stream: boolean
  /** Put before each text, as the `ident` of Python's handler. */
  readonly ident: string
}

const severities: readonly (readonly [from: number, severity: number])[] = [
  [levels.CRITICAL, 2],
  [levels.ERROR, 3],
  [levels.WARNING, 4],
  [levels.INFO, 6],
]

const priority = (facility: number, { level }: LogRecord): number =>
  facility * 8 + (severities.find(([from]) => level >= from)?.[1] ?? 7)

/** What one transport has to do; `send` never throws. */
interface Transport {
  send(priority: number, text: string): void
  close(): void
}

/** @param complain told once for each outage */
export const syslogSink = (options: SyslogOptions, complain: (problem: string) => void): Sink => {
  const once = complainOnce(
    complain,
    typeof options.address === 'string' ? options.address : `${options.address.host}:${options.address.port}`,
  )
  const transport = transportOf(options, once)
  return {
    // One message a line: a line break inside one would end it for most receivers.
    write: (line, record) =>
      transport.send(priority(options.facility, record), options.ident + line.replaceAll('\n', ' ')),
    reopen: () => undefined,
    close: () => transport.close(),
  }
}

interface Complaint {
  readonly failed: (error: Error) => void
  readonly worked: () => void
}

const complainOnce = (complain: (problem: string) => void, where: string): Complaint => {
  let failing = false
  return {
    failed: (error) => {
      if (!failing) complain(`syslog at ${where} cannot be reached: ${error.message}`)
      failing = true
    },
    worked: () => {
      failing = false
    },
  }
}

const transportOf = ({ address, stream }: SyslogOptions, complaint: Complaint): Transport => {
  if (typeof address === 'string') return localTransport(address, complaint)
  return stream ? streamTransport(() => createConnection(address), complaint) : datagramTransport(address, complaint)
}

const datagramTransport = (
  { host, port }: { readonly host: string; readonly port: number },
  complaint: Complaint,
): Transport => {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  socket.on('error', complaint.failed)
  // A log keeps no process alive.
  socket.unref()
  return {
    send: (code, text) =>
      socket.send(Buffer.from(`<${code}>${text}\0`), port, host, (error) =>
        error === null ? complaint.worked() : complaint.failed(error),
      ),
    close: () => socket.close(),
  }
}

/** While it is away messages are dropped, and each new one tries again: a log is no queue. */
const streamTransport = (
  connect: () => Socket,
  complaint: Complaint,
  onFailure?: (error: NodeJS.ErrnoException) => void,
): Transport => {
  let socket: Socket | undefined
  const open = (): Socket => {
    const fresh = connect()
    fresh.unref()
    fresh.on('connect', complaint.worked)
    fresh.on('error', (error) => {
      if (onFailure === undefined) complaint.failed(error)
      else onFailure(error)
    })
    fresh.on('close', () => {
      if (socket === fresh) socket = undefined
    })
    return fresh
  }
  return {
    send: (code, text) => {
      socket ??= open()
      socket.write(`<${code}>${text}\0`)
    },
    close: () => socket?.end(),
  }
}

/** A stream where the socket is one, else by `logger`. What is sent before that is known is kept and sent then. */
const localTransport = (path: string, complaint: Complaint): Transport => {
  let pending: { code: number; text: string }[] | undefined = []
  let transport: Transport | undefined
  const settle = (chosen: Transport): void => {
    transport ??= chosen
    for (const { code, text } of pending ?? []) transport.send(code, text)
    pending = undefined
  }
  const probe = createConnection(path)
  probe.unref()
  probe.on('connect', () => {
    probe.end()
    settle(streamTransport(() => createConnection(path), complaint))
  })
  probe.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPROTOTYPE') return settle(loggerTransport(path, complaint))
    complaint.failed(error)
    settle(streamTransport(() => createConnection(path), complaint))
  })
  return {
    send: (code, text) => {
      if (transport !== undefined) transport.send(code, text)
      else pending?.push({ code, text })
    },
    close: () => transport?.close(),
  }
}

const loggerTransport = (path: string, complaint: Complaint): Transport => {
  const child = spawn('logger', ['--socket', path, '--prio-prefix', '--tag', 'caes-sync'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.unref()
  if (child.stdin instanceof Socket) child.stdin.unref()
  child.on('error', (error) =>
    complaint.failed(new Error(`${path} is a datagram socket, and "logger" does not run: ${error.message}`)),
  )
  child.stdin.on('error', complaint.failed)
  return {
    send: (code, text) => child.stdin.write(`<${code}>${text}\n`),
    close: () => child.stdin.end(),
  }
}
