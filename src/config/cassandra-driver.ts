/** Options of the Python driver's Cluster, as the original passed them on, and of the Node.js driver's Client. */
import type { CassandraConnection, TlsOptions } from './connection.js'
import { driverOptions, filePath, given, tlsFiles, userAndPassword, type DriverContext } from './driver-options.js'
import { kwargs, scalarText, type Kwargs } from './kwargs.js'
import { child, type Node, type Path } from './nodes.js'

/** The arguments of a Python object: `{ kwds }`, `{ args }`, its attributes, or a list of arguments. */
const argumentsOf = (node: Node): Node => {
  if (node.kind !== 'mapping') return node
  return node.entries.get('kwds')?.value ?? node.entries.get('args')?.value ?? node.entries.get('state')?.value ?? node
}

const readCredentials = (options: Kwargs, path: Path, context: DriverContext): CassandraConnection['credentials'] => {
  const own = options.node('credentials')
  const provider = options.node('auth_provider')
  const written = own ?? provider
  if (!written) return undefined
  const name = own ? 'credentials' : 'auth_provider'
  const node = argumentsOf(written)
  const fault = () =>
    options.problem(
      written,
      name,
      'must be { username, password }',
      `${name}: { username: caes, password: { file: password.txt } }`,
    )
  if (node.kind !== 'mapping') {
    const login = userAndPassword(node)
    if (!login) fault()
    return login
  }
  const login = kwargs(node, [...path, name], context.findings)
  // Which class made the credentials does not matter: there is one way to send them.
  for (const label of ['class', 'type', 'name']) login.node(label)
  const [username, password] = [login.text('username', 'user'), login.text('password')]
  login.finish()
  if (username !== undefined && password !== undefined) return { username, password }
  fault()
  return undefined
}

/** Policies wrap each other (token aware around a data centre), so the name may lie some levels down. */
const dataCentreIn = (node: Node | undefined): string | undefined => {
  if (!node || node.kind === 'scalar') return undefined
  if (node.kind === 'sequence')
    return node.items.map((item) => scalarText(item) ?? dataCentreIn(item)).find((found) => found !== undefined)
  for (const name of ['local_dc', 'localDataCenter', 'localDc', 'local_datacenter']) {
    const text = scalarText(child(node, name))
    if (text !== undefined) return text
  }
  return [...node.entries.values()]
    .map(({ value }) => (value.kind === 'scalar' ? undefined : dataCentreIn(value)))
    .find((found) => found !== undefined)
}

const readDataCentre = (options: Kwargs): string | undefined => {
  const direct = options.text('local_dc', 'localDataCenter', 'local_datacenter')
  const policy = options.node('load_balancing_policy')
  const found = dataCentreIn(policy)
  if (policy && found === undefined) {
    options.warn(
      'load_balancing_policy',
      'names no local data centre and is ignored; requests are token aware within one',
    )
  }
  return direct ?? found
}

/** As in Python's ssl: without `cert_reqs` nothing is verified, but whoever names a CA wants it used. */
const readPythonTls = (options: Kwargs, context: DriverContext): TlsOptions => {
  const files = tlsFiles(
    { ca: options.text('ca_certs', 'ca'), cert: options.text('certfile', 'cert'), key: options.text('keyfile', 'key') },
    context,
  )
  const keyPassphrase = options.text('password', 'passphrase')
  const required = options.node('cert_reqs')
  const text = scalarText(required)
  const off = text !== undefined && /^(?:0|(?:ssl\.)?CERT_NONE)$/.test(text)
  const verify = options.flag('rejectUnauthorized') ?? (required ? !off : files.caFile !== undefined)
  // Python leaves the name unchecked; a certificate of anybody whom the CA knows would do then.
  const verifyHostname = verify && (options.flag('check_hostname') ?? true)
  const serverName = options.text('server_hostname')
  for (const name of ['ssl_version', 'ciphers', 'do_handshake_on_connect', 'suppress_ragged_eofs']) options.node(name)
  options.finish()
  return { ...files, ...given({ keyPassphrase, serverName }), verify, verifyHostname }
}

const readTls = (options: Kwargs, context: DriverContext): TlsOptions | undefined => {
  const python = options.block('ssl_options')
  if (python) {
    const tls = readPythonTls(python, context)
    if (!tls.verify)
      options.warn('ssl_options', 'does not verify certificates, as in the Python driver; name ca_certs to verify them')
    return tls
  }
  const own = options.block('sslOptions')
  if (!own) return undefined
  const files = tlsFiles({ ca: own.text('ca'), cert: own.text('cert'), key: own.text('key') }, context)
  const more = given({ keyPassphrase: own.text('passphrase'), serverName: own.text('servername') })
  const verify = own.flag('rejectUnauthorized') ?? true
  own.finish()
  return { ...files, ...more, verify, verifyHostname: verify }
}

/** `host`, `host:port`, or Python's tuple `[host, port]`. */
const readContactPoints = (options: Kwargs): string[] => {
  const node = options.node('contact_points', 'contactPoints')
  const items: readonly Node[] = node === undefined ? [] : node.kind === 'sequence' ? node.items : [node]
  const points = items.flatMap((item) => {
    const tuple = item.kind === 'sequence' ? item.items.map(scalarText) : undefined
    const texts =
      tuple?.length === 2 ? [tuple.join(':')] : (scalarText(item) ?? '').split(',').map((text) => text.trim())
    if (
      texts.every((text) =>
        /^(?:[^\s:/@]+|\[[0-9a-fA-F:.%]+\])(?::\d{1,5})?$|^[0-9a-fA-F:.%]*:[0-9a-fA-F:.%]*:[0-9a-fA-F:.%]*$/.test(text),
      )
    )
      return texts
    options.problem(item, 'contact_points', 'must be hosts or addresses', 'contact_points: [127.0.0.1]')
    return []
  })
  return points.length > 0 ? points : ['127.0.0.1']
}

const withoutCounterpart = [
  'compression',
  'executor_threads',
  'metrics_enabled',
  'control_connection_timeout',
  'idle_heartbeat_interval',
  'idle_heartbeat_timeout',
  'max_schema_agreement_wait',
  'reconnection_policy',
  'default_retry_policy',
  'conviction_policy_factory',
  'cql_version',
  'sockopts',
  'schema_event_refresh_window',
  'topology_event_refresh_window',
  'status_event_refresh_window',
  'schema_metadata_enabled',
  'token_metadata_enabled',
  'address_translator',
  'prepare_on_all_hosts',
  'reprepare_on_up',
  'connection_class',
  'execution_profiles',
  'no_compact',
  'allow_beta_protocol_version',
  'application_name',
  'application_version',
  'client_id',
  'ssl_context',
  'keyspace',
]

const milliseconds = (seconds: number | undefined) => (seconds === undefined ? undefined : Math.round(seconds * 1000))

/** The bundle knows addresses, data centre and certificates itself. */
const readBundle = (options: Kwargs, context: DriverContext): string | undefined => {
  const cloud = options.block('cloud')
  const file = filePath(cloud?.text('secure_connect_bundle', 'secureConnectBundle'), context)
  cloud?.finish()
  if (file === undefined) return undefined
  for (const name of ['contact_points', 'contactPoints', 'ssl_options', 'sslOptions']) {
    if (options.node(name)) options.warn(name, 'has no effect beside the secure connect bundle')
  }
  return file
}

/** `path` is that of the driver block, for messages. Problems and warnings go to the context's findings. */
export const cassandraConnection = (
  node: Node | undefined,
  path: Path,
  context: DriverContext,
): CassandraConnection => {
  const options = driverOptions(node, path, context)
  const protocol = options.block('protocolOptions')
  const sockets = options.block('socketOptions')
  const connection = {
    contactPoints: readContactPoints(options),
    port: options.number(1, 'port') ?? protocol?.number(1, 'port') ?? 9042,
    requestTimeoutMs:
      milliseconds(options.number(0.001, 'request_timeout', 'default_timeout')) ??
      sockets?.number(1, 'readTimeout') ??
      12_000,
    ...given({
      localDataCenter: readDataCentre(options),
      credentials: readCredentials(options, path, context),
      tls: readTls(options, context),
      bundleFile: readBundle(options, context),
      protocolVersion: options.number(1, 'protocol_version') ?? protocol?.number(1, 'maxVersion'),
      connectTimeoutMs: milliseconds(options.number(0.001, 'connect_timeout')) ?? sockets?.number(1, 'connectTimeout'),
    }),
  }
  protocol?.finish()
  sockets?.finish()
  options.ignore(withoutCounterpart)
  options.finish()
  return connection
}
