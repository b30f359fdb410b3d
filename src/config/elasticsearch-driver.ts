/** Options of elasticsearch-py, as the original passed them on, and the few of the Node.js client that go by other names. */
import type { ElasticsearchConnection, TlsOptions } from './connection.js'
import { driverOptions, given, tlsFiles, userAndPassword, type DriverContext } from './driver-options.js'
import { kwargs, scalarText, type Kwargs } from './kwargs.js'
import type { Node, Path } from './nodes.js'

type Login = { readonly username: string; readonly password: string }

interface Host {
  readonly url: string
  readonly login?: Login
}

interface Defaults {
  readonly secure: boolean
  readonly port: number
  readonly prefix: string
}

/** Taken apart by hand, since URL drops a port that is the default of its scheme and Elasticsearch's default is another. */
const hostPattern =
  /^(?:(https?):)?(?:\/\/)?(?:([^@/]*)@)?(\[[0-9a-fA-F:.%]+\]|[^\s:/?#@[\]]+)(?::(\d{1,5}))?(\/[^\s?#]*)?$/i

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    // A lone % is no encoding: the text was written as it is.
    return text
  }
}

const url = (secure: boolean, host: string, port: number, prefix: string): string => {
  const path = prefix.replace(/^\/*/, '/').replace(/\/+$/, '')
  return `${secure ? 'https' : 'http'}://${host}:${port}${path}`
}

const fromText = (written: string, defaults: Defaults): Host | undefined => {
  const [, scheme, userInfo, name, digits, path] = hostPattern.exec(written.trim()) ?? []
  if (name === undefined || Number(digits ?? 0) > 65_535) return undefined
  const https = scheme?.toLowerCase() === 'https'
  const secure = scheme === undefined ? defaults.secure : https
  const port = digits === undefined ? (https ? 443 : defaults.port) : Number(digits)
  const host = { url: url(secure, name, port, path ?? defaults.prefix) }
  if (userInfo === undefined) return host
  const [username = '', ...rest] = userInfo.split(':')
  return { ...host, login: { username: decoded(username), password: decoded(rest.join(':')) } }
}

const fromBlock = (options: Kwargs, defaults: Defaults): Host | undefined => {
  const address = options.text('host', 'url') ?? 'localhost'
  const ssl = options.flag('use_ssl')
  const scheme = options.text('scheme')
  const port = options.number(0, 'port')
  const prefix = options.text('url_prefix', 'path_prefix')
  const secure = ssl ?? (scheme === undefined ? defaults.secure : scheme.toLowerCase() === 'https')
  const host = fromText(address, { secure, port: port ?? defaults.port, prefix: prefix ?? defaults.prefix })
  const login = loginOf(options)
  options.finish()
  return host && { ...host, ...(login ? { login } : {}) }
}

const loginOf = (options: Kwargs): Login | undefined => {
  const node = options.node('http_auth', 'basic_auth')
  const login = node && userAndPassword(node)
  if (node && !login) options.problem(node, 'http_auth', 'must be "user:password" or [user, password]')
  return login
}

const readHosts = (options: Kwargs, path: Path, context: DriverContext): Host[] => {
  const secure = options.flag('use_ssl') ?? options.text('scheme')?.toLowerCase() === 'https'
  const defaults = {
    secure,
    port: options.number(0, 'port') ?? 9200,
    prefix: options.text('url_prefix', 'path_prefix') ?? '',
  }
  const node = options.node('hosts', 'nodes', 'node', 'host')
  const written: Node[] = node === undefined ? [] : node.kind === 'sequence' ? node.items : [node]
  const hosts = written.flatMap((item) => {
    const texts = item.kind === 'scalar' ? (scalarText(item) ?? '').split(',') : []
    const found =
      item.kind === 'mapping'
        ? [fromBlock(kwargs(item, [...path, 'hosts'], context.findings), defaults)]
        : texts.map((text) => fromText(text, defaults))
    if (found.includes(undefined) || found.length === 0) {
      options.problem(
        item,
        'hosts',
        'must be a host, host:port, an http(s) address, or { host, port }',
        'hosts: [localhost:9200]',
      )
    }
    return found.filter((host) => host !== undefined)
  })
  return hosts.length > 0 ? hosts : [{ url: url(defaults.secure, 'localhost', defaults.port, defaults.prefix) }]
}

const readApiKey = (options: Kwargs): string | undefined => {
  const node = options.node('api_key', 'apiKey')
  if (node?.kind !== 'sequence') return node && scalarText(node)
  const pair = userAndPassword(node)
  if (!pair) options.problem(node, 'api_key', 'must be the encoded key or [id, key]')
  return pair && Buffer.from(`${pair.username}:${pair.password}`).toString('base64')
}

const readAuth = (options: Kwargs, hosts: readonly Host[]): ElasticsearchConnection['auth'] => {
  const own = options.block('auth')
  const apiKey = readApiKey(options) ?? (own && readApiKey(own))
  const bearer = options.text('bearer_auth') ?? own?.text('bearer')
  const [username, password] = [own?.text('username'), own?.text('password')]
  own?.finish()
  const logins = hosts.flatMap(({ login }) => login ?? [])
  const [first] = logins
  const distinct = new Set(logins.map(({ username, password }) => JSON.stringify([username, password])))
  if (distinct.size > 1)
    options.warn('hosts', 'has hosts with different credentials; those of the first are used for all')
  const common = loginOf(options)
  if (apiKey !== undefined) return { apiKey }
  if (bearer !== undefined) return { bearer }
  if (username !== undefined && password !== undefined) return { username, password }
  return first ?? common
}

/** True, false, or the name that the certificate must have. */
const readAssertHostname = (options: Kwargs): { verify?: boolean; serverName?: string } => {
  const node = options.node('ssl_assert_hostname')
  if (node?.kind === 'scalar' && typeof node.value === 'string') return { serverName: node.value }
  return given({ verify: options.flag('ssl_assert_hostname') })
}

const readTls = (options: Kwargs, context: DriverContext): TlsOptions | undefined => {
  const own = options.block('tls', 'ssl')
  const verify = options.flag('verify_certs') ?? own?.flag('rejectUnauthorized')
  const assertHostname = readAssertHostname(options)
  const files = tlsFiles(
    {
      ca: options.text('ca_certs') ?? own?.text('ca'),
      cert: options.text('client_cert') ?? own?.text('cert'),
      key: options.text('client_key') ?? own?.text('key'),
    },
    context,
  )
  const more = given({
    keyPassphrase: own?.text('passphrase'),
    serverName: assertHostname.serverName ?? own?.text('servername'),
  })
  own?.finish()
  const verifyHostname = assertHostname.verify
  const all = { ...files, ...more }
  if (verify === undefined && verifyHostname === undefined && Object.keys(all).length === 0) return undefined
  return { ...all, verify: verify ?? true, verifyHostname: (verify ?? true) && (verifyHostname ?? true) }
}

const withoutCounterpart = [
  'sniff_on_start',
  'sniff_before_requests',
  'sniff_on_connection_fail',
  'sniff_on_node_failure',
  'sniffer_timeout',
  'sniff_timeout',
  'min_delay_between_sniffing',
  'maxsize',
  'connections_per_node',
  'randomize_hosts',
  'dead_timeout',
  'timeout_cutoff',
  'retry_on_status',
  'connection_class',
  'connection_pool_class',
  'selector_class',
  'node_class',
  'transport_class',
  'serializer',
  'serializers',
  'default_mimetype',
  'send_get_body_as',
  'ssl_version',
  'ssl_context',
  'ssl_assert_fingerprint',
  'opaque_id',
  'meta_header',
]

/** `path` is that of the driver block, for messages. Problems and warnings go to the context's findings. */
export const elasticsearchConnection = (
  node: Node | undefined,
  path: Path,
  context: DriverContext,
): ElasticsearchConnection => {
  const options = driverOptions(node, path, context)
  const cloud = options.block('cloud')
  const cloudId = options.text('cloud_id') ?? cloud?.text('id')
  cloud?.finish()
  const hosts = readHosts(options, path, context)
  const auth = readAuth(options, hosts)
  const seconds = options.number(0.001, 'request_timeout', 'timeout')
  const headers = options.block('headers')
  const names = node?.kind === 'mapping' ? node.entries.get('headers')?.value : undefined
  const headerNames = names?.kind === 'mapping' ? [...names.entries.keys()] : []
  const connection = {
    nodes: cloudId === undefined ? hosts.map((host) => host.url) : [],
    requestTimeoutMs:
      seconds === undefined ? (options.number(1, 'requestTimeout') ?? 30_000) : Math.round(seconds * 1000),
    ...given({
      auth,
      tls: readTls(options, context),
      maxRetries: options.number(0, 'max_retries', 'maxRetries'),
      retryOnTimeout: options.flag('retry_on_timeout'),
      compression: options.flag('http_compress', 'compression'),
      headers: headers && Object.fromEntries(headerNames.map((name) => [name, headers.text(name) ?? ''])),
      cloudId,
    }),
  }
  options.flag('ssl_show_warn')
  options.ignore(withoutCounterpart)
  options.finish()
  return connection
}
