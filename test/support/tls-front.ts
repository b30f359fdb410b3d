/** A server that shows a certificate of the test's choice and hands on to a real one, which wants a certificate itself. */
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type TLSSocket } from 'node:tls'
import type { CertificateFiles } from '../../stack/certificates.js'

export interface TlsFront {
  readonly port: number
  close(): Promise<void>
}

export const openTlsFront = async (
  shown: CertificateFiles,
  behind: { readonly port: number; readonly ca: string; readonly client: CertificateFiles },
): Promise<TlsFront> => {
  const ca = readFileSync(behind.ca)
  const own = { cert: readFileSync(behind.client.cert), key: readFileSync(behind.client.key) }
  const open = new Set<TLSSocket>()
  const server = createServer({ cert: readFileSync(shown.cert), key: readFileSync(shown.key) }, (front) => {
    const back = connect({ host: '127.0.0.1', port: behind.port, ca, ...own })
    for (const [one, other] of [
      [front, back],
      [back, front],
    ] as const) {
      open.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.once('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
  })
  // A client that does not like the certificate hangs up: that is what it is here for.
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
