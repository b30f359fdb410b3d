import type { ConnectionOptions } from 'node:tls'

/** How a connection is secured, in words of no driver. */
export interface TlsSettings {
  /** PEM texts, not paths. */
  readonly ca?: string | Buffer
  readonly cert?: string | Buffer
  readonly key?: string | Buffer
  readonly passphrase?: string
  readonly rejectUnauthorized?: boolean
  /** False accepts a certificate for another host name. */
  readonly verifyHostname?: boolean
  /** The name that the certificate must have, where it is not that of the host. */
  readonly serverName?: string
}

/** The same as both drivers hand it to Node.js. */
export const connectionOptions = ({ verifyHostname, serverName, ...tls }: TlsSettings): ConnectionOptions => ({
  ...tls,
  ...(serverName === undefined ? {} : { servername: serverName }),
  ...(verifyHostname === false ? { checkServerIdentity: () => undefined } : {}),
})
