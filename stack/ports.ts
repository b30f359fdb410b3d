import { randomInt } from 'node:crypto'
import { connect, createServer } from 'node:net'
import { CaesError } from '../src/core/errors.js'
import type { WantedPort } from './settings.js'

const loopback = '127.0.0.1'

/** True when something listens on the port of 127.0.0.1, or when it may not be opened. */
export async function isPortBusy(port: number): Promise<boolean> {
  // Both looks are needed: some systems let a second program bind 127.0.0.1 beside one that listens on all addresses.
  return (await isAnswering(port)) || !(await canListen(port))
}

function isAnswering(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: loopback, port, timeout: 1_000 })
    const answer = (value: boolean) => {
      socket.destroy()
      resolve(value)
    }
    socket.once('connect', () => answer(true))
    socket.once('timeout', () => answer(false))
    socket.once('error', () => answer(false))
  })
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false)
      else reject(error)
    })
    server.listen(port, loopback, () => server.close(() => resolve(true)))
  })
}

export function portTaken(server: string, port: number, variable: string): CaesError {
  return new CaesError('CAES_PORT_TAKEN', `port ${port} for ${server} is in use by another program`, {
    where: `${loopback}:${port}`,
    hint: `stop that program, or choose another port: set ${variable}`,
  })
}

/**
 * Different free ports of 127.0.0.1. They are drawn from below the range that systems use for outgoing connections, so
 * that none is taken by chance between this look and the start of the server.
 */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>()
  for (let attempt = 0; found.size < count && attempt < 1_000; attempt++) {
    const port = randomInt(20_000, 32_000)
    if (!found.has(port) && !(await isPortBusy(port))) found.add(port)
  }
  if (found.size < count) throw new CaesError('CAES_STACK', 'no free ports were found between 20000 and 32000')
  return [...found]
}

/** A port that nobody but the server itself uses: the wanted one, or a free one unless the user insists. */
export async function internalPort(server: string, wanted: WantedPort, variable: string): Promise<number> {
  if (!(await isPortBusy(wanted.port))) return wanted.port
  if (wanted.explicit) throw portTaken(server, wanted.port, variable)
  const [port] = await freePorts(1)
  return port ?? wanted.port
}
