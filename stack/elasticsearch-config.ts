export interface ElasticsearchPlace {
  readonly data: string
  readonly logs: string
  readonly port: number
  readonly transportPort: number
}

/** The text of elasticsearch.yml for one node on this machine. JSON strings are YAML strings: paths may hold blanks. */
export function elasticsearchConfig({ data, logs, port, transportPort }: ElasticsearchPlace): string {
  return `cluster.name: caes-stack
node.name: caes-stack
path.data: ${JSON.stringify(data)}
path.logs: ${JSON.stringify(logs)}
network.host: 127.0.0.1
http.port: ${port}
transport.port: ${transportPort}
discovery.type: single-node
xpack.security.enabled: false
# A nearly full disk would make every index read-only, which nobody expects of a local server.
cluster.routing.allocation.disk.threshold_enabled: false
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
