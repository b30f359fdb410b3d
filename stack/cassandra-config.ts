import { pathToFileURL } from 'node:url'

export interface CassandraPlace {
  /** The folder of this node's data and logs. */
  readonly folder: string
  readonly port: number
  readonly storagePort: number
  /** PEM files, the first with certificate and key; absent without TLS and logins. */
  readonly tls?: { readonly own: string; readonly trusted: string }
}

/** The text of cassandra.yaml for one node on this machine. JSON strings are YAML strings: paths may hold blanks. */
export function cassandraConfig({ folder, port, storagePort, tls }: CassandraPlace): string {
  const path = (name: string) => JSON.stringify(`${folder}/${name}`)
  return `cluster_name: caes-stack
num_tokens: 1
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
commitlog_sync: periodic
commitlog_sync_period: 10000ms
data_file_directories: [${path('data')}]
commitlog_directory: ${path('commitlog')}
saved_caches_directory: ${path('saved_caches')}
hints_directory: ${path('hints')}
cdc_raw_directory: ${path('cdc_raw')}
endpoint_snitch: SimpleSnitch
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      - seeds: "127.0.0.1:${storagePort}"
listen_address: 127.0.0.1
rpc_address: 127.0.0.1
storage_port: ${storagePort}
native_transport_port: ${port}
${tls === undefined ? 'authenticator: AllowAllAuthenticator\n' : guarded(tls)}`
}

/** Rights are looked up anew after a moment, so that a test need not wait for what it has granted. */
function guarded({ own, trusted }: NonNullable<CassandraPlace['tls']>): string {
  return `authenticator: PasswordAuthenticator
authorizer: CassandraAuthorizer
role_manager: CassandraRoleManager
permissions_validity: 100ms
roles_validity: 100ms
credentials_validity: 100ms
client_encryption_options:
  enabled: true
  optional: false
  require_client_auth: true
  ssl_context_factory:
    class_name: org.apache.cassandra.security.PEMBasedSslContextFactory
  keystore: ${JSON.stringify(own)}
  truststore: ${JSON.stringify(trusted)}
`
}

/** Everything to the console, which goes to the stack's log file. */
export const cassandraLogback = `<configuration>
  <appender name="console" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%-5level [%thread] %date{ISO8601} %logger{0} - %msg%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="console"/></root>
</configuration>
`

const exported = [
  'java.base/jdk.internal.misc',
  'java.base/jdk.internal.ref',
  'java.base/sun.nio.ch',
  'java.management.rmi/com.sun.jmx.remote.internal.rmi',
  'java.rmi/sun.rmi.registry',
  'java.rmi/sun.rmi.server',
  'java.rmi/sun.rmi.transport.tcp',
  'java.sql/java.sql',
  'jdk.unsupported/sun.misc',
]

const opened = [
  'java.base/java.lang.module',
  'java.base/jdk.internal.loader',
  'java.base/jdk.internal.ref',
  'java.base/jdk.internal.reflect',
  'java.base/jdk.internal.math',
  'java.base/jdk.internal.module',
  'java.base/jdk.internal.util.jar',
  'java.base/sun.nio.ch',
  'java.base/java.io',
  'java.base/java.lang',
  'java.base/java.lang.reflect',
  'java.base/java.util',
  'java.base/java.util.concurrent',
  'java.base/java.util.concurrent.atomic',
  'java.base/java.nio',
  'java.base/java.net',
  'java.rmi/sun.rmi.transport.tcp',
  'jdk.management/com.sun.management.internal',
]

/**
 * By default a killed node forgets up to 100 ms of what it acknowledged: a cluster has other replicas, one node has not.
 * As properties, which a container takes as well.
 */
export function commitLogOptions(syncEveryWrite: boolean): string[] {
  if (!syncEveryWrite) return []
  return [
    '-Dcassandra.config.allow_system_properties=true',
    '-Dcassandra.settings.commitlog_sync=batch',
    '-Dcassandra.settings.commitlog_sync_period=0ms',
  ]
}

/** The arguments of `java` for Cassandra 5.0 on Java 17 without its own start script. */
export function cassandraArguments(folder: string, jars: string, heap: string, more: readonly string[] = []): string[] {
  return [
    `-Xms${heap}`,
    `-Xmx${heap}`,
    ...exported.flatMap((name) => ['--add-exports', `${name}=ALL-UNNAMED`]),
    ...opened.flatMap((name) => ['--add-opens', `${name}=ALL-UNNAMED`]),
    '-Djdk.attach.allowAttachSelf=true',
    '-Djava.security.manager=allow',
    `-Djava.io.tmpdir=${folder}/tmp`,
    `-Dcassandra.config=${pathToFileURL(`${folder}/cassandra.yaml`).href}`,
    `-Dcassandra.storagedir=${folder}`,
    `-Dlogback.configurationFile=${folder}/logback.xml`,
    '-Dcassandra-foreground=yes',
    // One node has nobody to wait for.
    '-Dcassandra.skip_wait_for_gossip_to_settle=0',
    '-Dcassandra.ring_delay_ms=0',
    '-Dcassandra.superuser_setup_delay_ms=0',
    ...more,
    '-cp',
    `${jars}/*`,
    'org.apache.cassandra.service.CassandraDaemon',
  ]
}
