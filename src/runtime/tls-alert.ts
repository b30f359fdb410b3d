/**
 * What a server has against the certificate of its client. In TLS 1.3 it says so after the handshake, and closes; a
 * client that is writing by then may learn of the closing alone.
 */
import { connect, type ConnectionOptions } from 'node:tls'
import { tlsFaultOf } from './tls-faults.js'

/** A server that says nothing for so long has nothing against it. */
const limitMs = 1_000

/** Makes the handshake once more, to listen. Undefined where nothing was said. */
export const heardAlert = async (options: ConnectionOptions): Promise<Error | undefined> => {
  const socket = connect(options)
  try {
    return await new Promise((resolve) => {
      socket.on('error', (error) => resolve(tlsFaultOf(error) === undefined ? undefined : error))
      socket.once('close', () => resolve(undefined))
      socket.setTimeout(limitMs, () => resolve(undefined))
    })
  } finally {
    socket.destroy()
  }
}
