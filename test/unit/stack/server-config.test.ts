import { load } from 'js-yaml'
import { expect, test } from 'vitest'
import { cassandraArguments, cassandraConfig } from '../../../stack/cassandra-config.js'
import { elasticsearchConfig, withoutProgramLogs } from '../../../stack/elasticsearch-config.js'
import { mavenErrors, pomFor } from '../../../stack/maven.js'
import { redisArguments } from '../../../stack/redis.js'

test('elasticsearch.yml is one plain node on loopback with its own ports and folders', () => {
  const place = { data: '/with blank: and colon/data', logs: '/logs', port: 19_200, transportPort: 19_300 }
  expect(load(elasticsearchConfig(place))).toEqual({
    'cluster.name': 'caes-stack',
    'node.name': 'caes-stack',
    'path.data': '/with blank: and colon/data',
    'path.logs': '/logs',
    'network.host': '127.0.0.1',
    'http.port': 19_200,
    'transport.port': 19_300,
    'discovery.type': 'single-node',
    'xpack.security.enabled': false,
    'cluster.routing.allocation.disk.threshold_enabled': false,
  })
})

test('what Elasticsearch would write into its program folder is left out, the rest of jvm.options stays', () => {
  const options = [
    '-XX:+UseG1GC',
    '-XX:ErrorFile=logs/hs_err_pid%p.log',
    '23:-XX:CompileCommand=dontinline,a/B.c',
    '-Xlog:gc*,gc+age=trace,safepoint:file=logs/gc.log:utctime',
    '9-:-Xlog:gc*:file=logs/gc.log',
    '-XX:+ExitOnOutOfMemoryError',
  ]
  expect(withoutProgramLogs(options.join('\n')).split('\n')).toEqual([options[0], options[2], options[5]])
})

test('cassandra.yaml is one node on loopback that is its own seed', () => {
  const config = load(cassandraConfig({ folder: '/a b/cassandra', port: 19_042, storagePort: 17_000 }))
  expect(config).toMatchObject({
    data_file_directories: ['/a b/cassandra/data'],
    commitlog_directory: '/a b/cassandra/commitlog',
    commitlog_sync: 'periodic',
    listen_address: '127.0.0.1',
    rpc_address: '127.0.0.1',
    native_transport_port: 19_042,
    storage_port: 17_000,
    seed_provider: [{ parameters: [{ seeds: '127.0.0.1:17000' }] }],
    authenticator: 'AllowAllAuthenticator',
  })
})

test('Cassandra finds its settings by URL, its jars by folder, and starts by its main class', () => {
  const args = cassandraArguments('/a b/cassandra', '/dist/jars')
  expect(args).toContain('-Dcassandra.config=file:///a%20b/cassandra/cassandra.yaml')
  expect(args.slice(-3)).toEqual(['-cp', '/dist/jars/*', 'org.apache.cassandra.service.CassandraDaemon'])
})

test('Redis evicts nothing, logs every write and listens on loopback only', () => {
  expect(redisArguments(16_379).join(' ')).toBe(
    '--port 16379 --bind 127.0.0.1 --dir ./ --appendonly yes --save  --maxmemory-policy noeviction --daemonize no',
  )
})

test('the project file for Maven asks for one artifact', () => {
  expect(pomFor({ group: 'org.x', name: 'y', version: '1.2' }).replaceAll(/\s+/g, '')).toContain(
    '<dependency><groupId>org.x</groupId><artifactId>y</artifactId><version>1.2</version></dependency>',
  )
})

test("of Maven's output the errors are shown, not the advice that follows", () => {
  const output = ['WARNING: old Java', '[ERROR] Could not find artifact x', '[ERROR] ', 'more'].join('\n')
  expect(mavenErrors(output)).toEqual(['[ERROR] Could not find artifact x'])
  expect(mavenErrors('no JAVA_HOME\n')).toEqual(['no JAVA_HOME'])
})
