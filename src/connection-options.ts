/** From the connections of the configuration to what adapters take: the files of TLS are read, and faults in them said. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { RedisEndpoint } from './adapters/bullmq/redis-client.js'
import type { CassandraOptions } from './adapters/cassandra/client.js'
import type { ElasticsearchOptions } from './adapters/elasticsearch/client.js'
import type { Config } from './config/config.js'
import type { CassandraConnection, ElasticsearchConnection, TlsOptions } from './config/connection.js'
import { CaesError } from './core/errors.js'
import type { TlsSettings } from './runtime/tls.js'

/** Errors of all: CAES_CONFIG_INVALID, CAES_CERTIFICATE_REFUSED, with the file. */

export const elasticsearchOptions = ({ tls, ...connection }: ElasticsearchConnection): ElasticsearchOptions => ({
  ...connection,
  ...tlsOf(tls),
})

export const cassandraOptions = ({ tls, ...connection }: CassandraConnection): CassandraOptions => {
  // The driver reads it itself, and what it says of a missing file looks like a server that is down.
  if (connection.bundleFile !== undefined) readable(connection.bundleFile)
  return { ...connection, ...tlsOf(tls) }
}

export const redisEndpoint = ({ tls, ...redis }: Config['redis']): RedisEndpoint => ({ ...redis, ...tlsOf(tls) })

const tlsOf = (tls: TlsOptions | undefined): { tls?: TlsSettings } => {
  if (tls === undefined) return {}
  const { caFile, certFile, keyFile, keyPassphrase, verify, verifyHostname, serverName } = tls
  return {
    tls: {
      rejectUnauthorized: verify,
      verifyHostname,
      ...(serverName === undefined ? {} : { serverName }),
      ...(caFile === undefined ? {} : { ca: readCertificates(caFile).text }),
      ...ownCertificate(certFile, keyFile, keyPassphrase),
    },
  }
}

/** A client's certificate that nobody can accept is said here: servers say no more than that they do not want it. */
const ownCertificate = (
  certFile: string | undefined,
  keyFile: string | undefined,
  passphrase: string | undefined,
): Pick<TlsSettings, 'cert' | 'key' | 'passphrase'> => {
  if (certFile === undefined && keyFile === undefined) return {}
  // One file may hold both.
  const [cert, key] = [certFile ?? keyFile!, keyFile ?? certFile!]
  const { text, first } = readCertificates(cert)
  const keyText = readable(key)
  const privateKey = parsed(
    key,
    'no private key that can be read',
    'Check the file, and the passphrase of the key.',
    () => createPrivateKey({ key: keyText, ...(passphrase === undefined ? {} : { passphrase }) }),
  )
  if (!first.checkPrivateKey(privateKey)) {
    throw invalid(
      key,
      `the key does not belong to the certificate ${cert}`,
      'Name the key that the certificate was made for.',
    )
  }
  if (Date.parse(first.validTo) < Date.now()) {
    throw new CaesError('CAES_CERTIFICATE_REFUSED', `the client certificate ${cert} ended on ${first.validTo}`, {
      where: cert,
      hint: 'Renew it.',
    })
  }
  return { cert: text, key: keyText, ...(passphrase === undefined ? {} : { passphrase }) }
}

const certificates = /-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs

const readCertificates = (file: string): { readonly text: Buffer; readonly first: X509Certificate } => {
  const text = readable(file)
  const read = parsed(file, 'no certificate that can be read', 'It has to be a PEM file.', () =>
    (text.toString('latin1').match(certificates) ?? ['']).map((each) => new X509Certificate(each)),
  )
  return { text, first: read[0]! }
}

/** What the file holds is never repeated, not even where it is the cause: it may be a key. */
const parsed = <T>(file: string, fault: string, hint: string, parse: () => T): T => {
  try {
    return parse()
  } catch {
    throw invalid(file, `${file} holds ${fault}`, hint)
  }
}

const readable = (file: string): Buffer => {
  try {
    return readFileSync(file)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'failed'
    throw invalid(file, `cannot read ${file}: ${code}`, 'Check the path and the rights of this user.')
  }
}

const invalid = (where: string, what: string, hint: string): CaesError =>
  new CaesError('CAES_CONFIG_INVALID', what, { where, hint })
