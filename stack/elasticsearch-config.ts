export interface ElasticsearchPlace {
  readonly data: string
  readonly logs: string
  readonly port: number
  readonly transportPort: number
  /** PEM files in the folder of the settings, the only one that the server may read; absent without TLS and logins. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca: string }
}

/** The text of elasticsearch.yml for one node on this machine. JSON strings are YAML strings: paths may hold blanks. */
export function elasticsearchConfig({ data, logs, port, transportPort, tls }: ElasticsearchPlace): string {
  return `cluster.name: caes-stack
node.name: caes-stack
path.data: ${JSON.stringify(data)}
path.logs: ${JSON.stringify(logs)}
network.host: 127.0.0.1
http.port: ${port}
transport.port: ${transportPort}
discovery.type: single-node
${tls === undefined ? 'xpack.security.enabled: false\n' : guarded(tls)}# A nearly full disk would make every index read-only, which nobody expects of a local server.
cluster.routing.allocation.disk.threshold_enabled: false
`
}

/** Users come from a file alone: this build has no index for others. */
function guarded({ cert, key, ca }: NonNullable<ElasticsearchPlace['tls']>): string {
  return `xpack.security.enabled: true
xpack.security.autoconfiguration.enabled: false
xpack.security.authc.reserved_realm.enabled: false
xpack.security.authc.realms.file.file1.order: 0
xpack.security.http.ssl.enabled: true
xpack.security.http.ssl.certificate: ${JSON.stringify(cert)}
xpack.security.http.ssl.key: ${JSON.stringify(key)}
xpack.security.http.ssl.certificate_authorities: ${JSON.stringify([ca])}
xpack.security.http.ssl.client_authentication: required
`
}

/**
 * jvm.options without the log of the memory management and the file for crashes. Version 8 writes both into the folder
 * of the program, which belongs to another user here, and does not start when it may not.
 */
export function withoutProgramLogs(jvmOptions: string): string {
  return jvmOptions
    .split('\n')
    .filter((line) => !/^[\d:-]*(-Xlog:|-XX:ErrorFile=)/.test(line))
    .join('\n')
}
