/**
 * What goes wrong between certificates, in one table. Matched by the codes of Node.js and OpenSSL, never by the words of
 * a message. All of it stays wrong until somebody changes a file or a setting.
 */

export interface TlsFault {
  /** Goes on from the name of the store. */
  readonly what: string
  readonly hint: string
}

const unknownAuthority: TlsFault = {
  what: 'shows a certificate of an authority that is not trusted',
  hint: 'Name the file of the authority that signed it in the driver’s or Redis’ TLS settings.',
}
const expired: TlsFault = {
  what: 'shows a certificate that is not valid now',
  hint: 'Renew the server’s certificate, or correct the clock of this machine.',
}
const otherHost: TlsFault = {
  what: 'shows a certificate for another host',
  hint: 'Connect by a name that the certificate has, or name the one it has as the server name in the TLS settings.',
}
const unusable: TlsFault = {
  what: 'shows a certificate that cannot be used for this',
  hint: 'Look at its purpose, its chain and its revocation with openssl x509 -text.',
}
const oursMissing: TlsFault = {
  what: 'wants a certificate of its clients',
  hint: 'Name certificate and key of the client in the TLS settings.',
}
const oursRefused: TlsFault = {
  what: 'does not accept the certificate of the client',
  hint: 'Use a client certificate that has not expired, of an authority that the server trusts.',
}
const brokenOff: TlsFault = {
  what: 'broke off when it looked at the certificate of the client',
  hint: 'Its log says why. A usual cause is a client certificate of an authority that the server does not trust.',
}
const noTls: TlsFault = {
  what: 'does not speak TLS at this port',
  hint: 'Check the port, and whether the server expects TLS at all.',
}
const otherProtocol: TlsFault = {
  what: 'shares no version or cipher of TLS with this program',
  hint: 'TLS 1.2 or later is needed.',
}

const faults: ReadonlyMap<string, TlsFault> = new Map([
  // What this side found when it looked at the server's certificate.
  ['UNABLE_TO_GET_ISSUER_CERT', unknownAuthority],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', unknownAuthority],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', unknownAuthority],
  ['SELF_SIGNED_CERT_IN_CHAIN', unknownAuthority],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', unknownAuthority],
  ['CERT_UNTRUSTED', unknownAuthority],
  ['CERT_SIGNATURE_FAILURE', unknownAuthority],
  ['CERT_HAS_EXPIRED', expired],
  ['CERT_NOT_YET_VALID', expired],
  ['ERR_TLS_CERT_ALTNAME_INVALID', otherHost],
  ['HOSTNAME_MISMATCH', otherHost],
  ['CERT_REVOKED', unusable],
  ['CERT_REJECTED', unusable],
  ['INVALID_CA', unusable],
  ['INVALID_PURPOSE', unusable],
  ['CERT_CHAIN_TOO_LONG', unusable],
  ['PATH_LENGTH_EXCEEDED', unusable],
  // What the server said when it looked at ours: alerts of TLS.
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', oursMissing],
  // Servers of TLS 1.2 say no more than this where a certificate is missing.
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', oursMissing],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', oursRefused],
  ['ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE', oursRefused],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', oursRefused],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED', oursRefused],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN', oursRefused],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', oursRefused],
  ['ERR_SSL_TLSV1_ALERT_ACCESS_DENIED', oursRefused],
  ['ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR', oursRefused],
  // Cassandra says so of a client certificate that it does not trust.
  ['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', brokenOff],
  // The answer was no TLS: an HTTP page, or the protocol of a store in the clear.
  ['ERR_SSL_WRONG_VERSION_NUMBER', noTls],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', noTls],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', otherProtocol],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', otherProtocol],
  ['ERR_SSL_NO_CIPHERS_AVAILABLE', otherProtocol],
])

/** The fault behind a code; undefined where it is none of TLS. */
export const tlsFault = (code: unknown): TlsFault | undefined =>
  typeof code === 'string' ? faults.get(code) : undefined

/** The same for an error that carries its code. */
export const tlsFaultOf = (error: unknown): TlsFault | undefined =>
  error instanceof Error && 'code' in error ? tlsFault(error.code) : undefined
