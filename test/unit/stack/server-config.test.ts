import { pbkdf2Sync } from 'node:crypto'
import { load } from 'js-yaml'
import { expect, test } from 'vitest'
import { cassandraArguments, cassandraConfig, commitLogOptions } from '../../../stack/cassandra-config.js'
import { elasticsearchConfig, withoutProgramLogs } from '../../../stack/elasticsearch-config.js'
import { mavenErrors, pomFor } from '../../../stack/maven.js'
import { redisArguments, secureRedisConfig } from '../../../stack/redis.js'
import { elasticsearchUsers } from '../../../stack/elasticsearch-users.js'
import { elasticsearchHash, type SecurePlace } from '../../../stack/secure-place.js'

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
  const args = cassandraArguments('/a b/cassandra', '/dist/jars', '1g')
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

const account = (username: string) => ({ username, password: `secret of ${username}` })
const place: SecurePlace = {
  make: () => Promise.resolve(),
  certificate: (name) => ({ cert: `/a b/${name}.pem`, key: `/a b/${name}.key` }),
  accounts: () => ({
    elasticsearch: { admin: account('admin'), sync: account('sync'), reader: account('reader') },
    cassandra: { admin: account('cassandra') },
    redis: { admin: account('admin') },
  }),
}

test('a secure Elasticsearch has TLS, wants a certificate of its clients, and knows the users of its file alone', () => {
  const tls = { cert: '/c/server.pem', key: '/c/server.key', ca: '/c/ca.pem' }
  const config = load(elasticsearchConfig({ data: '/d', logs: '/l', port: 1, transportPort: 2, tls }))
  expect(config).toMatchObject({
    'network.host': '127.0.0.1',
    'xpack.security.enabled': true,
    'xpack.security.authc.reserved_realm.enabled': false,
    'xpack.security.http.ssl.enabled': true,
    'xpack.security.http.ssl.certificate': '/c/server.pem',
    'xpack.security.http.ssl.certificate_authorities': ['/c/ca.pem'],
    'xpack.security.http.ssl.client_authentication': 'required',
  })
})

test('the files of its users name their roles and hold no password', () => {
  const files = elasticsearchUsers(place.accounts().elasticsearch)
  expect(Object.values(files).join()).not.toContain('secret')
  expect(files['users']?.split('\n').map((line) => line.split(':')[0])).toEqual(['admin', 'sync', 'reader', ''])
  expect(files['users_roles']).toBe('superuser:admin\ncaes_sync:sync\ncaes_reader:reader\n')
  // One line each: the server takes the file apart by its lines before it reads it as YAML.
  const roles = files['roles.yml']!.trimEnd()
    .split('\n')
    .map((line) => load(line) as object)
  expect(roles.map((role) => Object.keys(role))).toEqual([['caes_sync'], ['caes_reader']])
})

test('a password is kept as Elasticsearch keeps it', () => {
  const [, rounds, salt, key] = /^\{PBKDF2\}(\d+)\$([^$]{44})\$([^$]{44})$/.exec(elasticsearchHash('secret')) ?? []
  expect(pbkdf2Sync('secret', Buffer.from(salt!, 'base64'), Number(rounds), 32, 'sha512').toString('base64')).toBe(key)
})

test('a secure Cassandra wants certificates and logins, and grants nothing by itself', () => {
  const tls = { own: '/a b/server.pem', trusted: '/a b/ca.pem' }
  expect(load(cassandraConfig({ folder: '/c', port: 1, storagePort: 2, tls }))).toMatchObject({
    authenticator: 'PasswordAuthenticator',
    authorizer: 'CassandraAuthorizer',
    client_encryption_options: {
      enabled: true,
      optional: false,
      require_client_auth: true,
      keystore: '/a b/server.pem',
      truststore: '/a b/ca.pem',
    },
  })
})

test('a secure Redis has no port without TLS, no user without a name, and keeps no password', () => {
  const lines = secureRedisConfig(6380, place).split('\n')
  expect(lines).toEqual(
    expect.arrayContaining([
      'port "0"',
      'tls-port "6380"',
      'tls-auth-clients "yes"',
      'tls-cert-file "/a b/server.pem"',
      'bind "127.0.0.1"',
      'user default off',
    ]),
  )
  expect(lines.join()).not.toContain('secret')
})

test('a node whose acknowledged writes have to outlive it syncs its log with each of them', () => {
  const of = (syncEveryWrite: boolean) =>
    cassandraArguments('/c', '/jars', '1g', commitLogOptions(syncEveryWrite)).join(' ')
  expect(of(true)).toContain('-Dcassandra.settings.commitlog_sync=batch')
  expect(of(false)).not.toContain('commitlog_sync')
})
