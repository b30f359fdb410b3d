/** A line to a server that can be cut and mended. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export interface TcpProxy {
  readonly port: number
  /** Ends all connections and refuses new ones. */
  cut(): Promise<void>
  /** Keeps connections open and passes nothing on. */
  freeze(): void
  mend(): Promise<void>
  close(): Promise<void>
}

export const tcpProxy = async (host: string, targetPort: number): Promise<TcpProxy> => {
  const sockets = new Set<Socket>()
  let frozen = false
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // The other side is ended with it; what broke it is of no interest to a proxy.
    socket.on('error', () => socket.destroy())
  }
  const server: Server = createServer((near) => {
    const far = connect(targetPort, host)
    keep(near)
    keep(far)
    near.on('data', (data) => frozen || far.write(data))
    far.on('data', (data) => frozen || near.write(data))
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  const listen = (port: number): Promise<number> =>
    new Promise((resolve) => {
      server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
    })
  const cut = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => {
      if (server.listening) server.close(() => resolve())
      else resolve()
    })
    for (const socket of sockets) socket.destroy()
    await closed
  }
  const port = await listen(0)
  return {
    port,
    cut,
    freeze: () => {
      frozen = true
    },
    mend: async () => {
      frozen = false
      if (!server.listening) await listen(port)
    },
    close: cut,
  }
}
