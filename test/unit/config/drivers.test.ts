import { describe, expect, test } from 'vitest'
import { firstPair, minimal, parse, problemsOf } from './support.js'

const withDrivers = (elasticsearch: string, cassandra = '{}') =>
  minimal(`  driver: ${cassandra}`).replace('index: stream', `index: stream\n  driver: ${elasticsearch}`)

const elasticsearch = async (driver: string) => firstPair(await parse(withDrivers(driver))).elasticsearch.connection
const cassandra = async (driver: string) => firstPair(await parse(withDrivers('{}', driver))).cassandra.connection

describe("the Elasticsearch driver's options", () => {
  test.each([
    ['{}', ['http://localhost:9200']],
    ['{hosts: es1}', ['http://es1:9200']],
    ['{hosts: [es1, "es2:9201"]}', ['http://es1:9200', 'http://es2:9201']],
    ['{hosts: "es1, es2:9201"}', ['http://es1:9200', 'http://es2:9201']],
    [
      '{hosts: ["http://es1", "http://es2:80", "https://es3", "https://es4:9200/es/"]}',
      ['http://es1:9200', 'http://es2:80', 'https://es3:443', 'https://es4:9200/es'],
    ],
    ['{hosts: ["[::1]:9200", "http://[fe80::1]"]}', ['http://[::1]:9200', 'http://[fe80::1]:9200']],
    [
      '{hosts: [{host: es1, port: 9201, use_ssl: yes, url_prefix: es}, {}]}',
      ['https://es1:9201/es', 'http://localhost:9200'],
    ],
    ['{hosts: [es1], use_ssl: true, port: 9243, url_prefix: /a/}', ['https://es1:9243/a']],
    ['{hosts: [es1], scheme: https, port: 443}', ['https://es1:443']],
    ['{node: "http://es1:9200"}', ['http://es1:9200']],
    ['{hosts: ["//es1:9200"]}', ['http://es1:9200']],
  ])('%s leads to %j', async (driver, nodes) => {
    expect((await elasticsearch(driver)).nodes).toEqual(nodes)
  })

  test.each([
    ['{http_auth: "user:pa:ss"}', { username: 'user', password: 'pa:ss' }],
    ['{http_auth: [user, 0123]}', { username: 'user', password: '0123' }],
    ['{http_auth: !!python/tuple [user, pass]}', { username: 'user', password: 'pass' }],
    ['{basic_auth: [user, pass]}', { username: 'user', password: 'pass' }],
    ['{hosts: ["http://us%40er:p%2Fss@es1:9200"]}', { username: 'us@er', password: 'p/ss' }],
    ['{hosts: [{host: es1, http_auth: "user:pass"}]}', { username: 'user', password: 'pass' }],
    ['{api_key: bm8tc2VjcmV0}', { apiKey: 'bm8tc2VjcmV0' }],
    ['{api_key: [id, key]}', { apiKey: Buffer.from('id:key').toString('base64') }],
    ['{auth: {username: user, password: pass}}', { username: 'user', password: 'pass' }],
    ['{auth: {apiKey: abc}}', { apiKey: 'abc' }],
    ['{bearer_auth: abc}', { bearer: 'abc' }],
    ['{auth: {bearer: abc}}', { bearer: 'abc' }],
  ])('%s carries credentials', async (driver, auth) => {
    const connection = await elasticsearch(driver)
    expect(connection.auth).toEqual(auth)
    expect(connection.nodes.join()).not.toContain('@')
  })

  test.each([
    ['{verify_certs: false}', { verify: false, verifyHostname: false }],
    ['{ca_certs: ca.pem}', { caFile: '/etc/caes/ca.pem', verify: true, verifyHostname: true }],
    [
      '{ca_certs: ~/ca.pem, ssl_assert_hostname: false}',
      { caFile: '/home/someone/ca.pem', verify: true, verifyHostname: false },
    ],
    [
      '{client_cert: /c.pem, client_key: k.pem}',
      { certFile: '/c.pem', keyFile: '/etc/caes/k.pem', verify: true, verifyHostname: true },
    ],
    ['{tls: {rejectUnauthorized: false}}', { verify: false, verifyHostname: false }],
    [
      '{tls: {ca: ca.pem, cert: c, key: k, passphrase: p, servername: es}}',
      {
        caFile: '/etc/caes/ca.pem',
        certFile: '/etc/caes/c',
        keyFile: '/etc/caes/k',
        keyPassphrase: 'p',
        verify: true,
        verifyHostname: true,
        serverName: 'es',
      },
    ],
    ['{ssl_assert_hostname: es.internal}', { verify: true, verifyHostname: true, serverName: 'es.internal' }],
  ])('%s says how TLS is done', async (driver, tls) => {
    expect((await elasticsearch(driver)).tls).toEqual(tls)
  })

  test('time-outs are seconds by the Python name and milliseconds by the Node.js name', async () => {
    expect((await elasticsearch('{timeout: 5}')).requestTimeoutMs).toBe(5000)
    expect((await elasticsearch('{timeout: 5, request_timeout: 2.5}')).requestTimeoutMs).toBe(2500)
    expect((await elasticsearch('{requestTimeout: 700}')).requestTimeoutMs).toBe(700)
  })

  test('retries, compression, headers and a cloud id are taken over', async () => {
    const driver =
      '{max_retries: 2, retry_on_timeout: on, http_compress: yes, headers: {x-tenant: a}, cloud_id: "n:abc"}'
    expect(await elasticsearch(driver)).toEqual({
      nodes: [],
      cloudId: 'n:abc',
      maxRetries: 2,
      retryOnTimeout: true,
      compression: true,
      headers: { 'x-tenant': 'a' },
      requestTimeoutMs: 30_000,
    })
  })

  test('what has no counterpart or is not known is a warning with its place, never fatal', async () => {
    const config = await parse(withDrivers('{sniff_on_start: true, ssl_show_warn: no, verify_cert: no, blah: 1}'))
    expect(config.warnings).toEqual([
      'caes.yaml:4:12: ElasticSearchConfig.driver.sniff_on_start has no counterpart here and is ignored',
      'caes.yaml:4:53: ElasticSearchConfig.driver.verify_cert is not known and is ignored; did you mean "verify_certs"?',
      'caes.yaml:4:70: ElasticSearchConfig.driver.blah is not known and is ignored',
    ])
  })

  test('hosts with credentials that differ are a warning', async () => {
    const config = await parse(withDrivers('{hosts: ["http://a:1@x", "http://b:2@y"]}'))
    expect(config.warnings).toEqual([
      'caes.yaml:4:12: ElasticSearchConfig.driver.hosts has hosts with different credentials; those of the first are used for all',
    ])
  })

  test.each([
    [
      '{hosts: ["es 1"]}',
      'caes.yaml:4:20: ElasticSearchConfig.driver.hosts must be a host, host:port, an http(s) address, or { host, port }; try hosts: [localhost:9200]',
    ],
    [
      '{hosts: ["es1:99999"]}',
      'caes.yaml:4:20: ElasticSearchConfig.driver.hosts must be a host, host:port, an http(s) address, or { host, port }; try hosts: [localhost:9200]',
    ],
    [
      '{http_auth: nobody}',
      'caes.yaml:4:23: ElasticSearchConfig.driver.http_auth must be "user:password" or [user, password]',
    ],
    ['{timeout: soon}', 'caes.yaml:4:21: ElasticSearchConfig.driver.timeout must be a number of at least 0.001'],
    ['{use_ssl: maybe}', 'caes.yaml:4:21: ElasticSearchConfig.driver.use_ssl must be true or false'],
    ['{ca_certs: yes}', 'caes.yaml:4:22: ElasticSearchConfig.driver.ca_certs must be text'],
    ['[a]', 'caes.yaml:4:11: ElasticSearchConfig.driver must be a block of keys, got a list'],
  ])('%s is a problem with its place', async (driver, problem) => {
    expect(await problemsOf(withDrivers(driver))).toEqual([problem])
  })
})

describe("the Cassandra driver's options", () => {
  test('addresses, port and protocol are taken over', async () => {
    expect(
      await cassandra('{contact_points: [a, 10.0.0.1], port: 9142, protocol_version: 4, connect_timeout: 2.5}'),
    ).toEqual({
      contactPoints: ['a', '10.0.0.1'],
      port: 9142,
      protocolVersion: 4,
      connectTimeoutMs: 2500,
      requestTimeoutMs: 12_000,
    })
  })

  test.each([
    ['{contact_points: a}', ['a']],
    ['{contact_points: "a, b"}', ['a', 'b']],
    ['{contact_points: ["a:9043", "[::1]:9043", "::1"]}', ['a:9043', '[::1]:9043', '::1']],
    ['{contact_points: [[a, 9043]]}', ['a:9043']],
    ['{contactPoints: [a]}', ['a']],
  ])('%s names %j', async (driver, contactPoints) => {
    expect((await cassandra(driver)).contactPoints).toEqual(contactPoints)
  })

  test.each([
    '{auth_provider: {username: u, password: p}}',
    '{auth_provider: {class: PlainTextAuthProvider, username: u, password: p}}',
    '{auth_provider: [u, p]}',
    '{auth_provider: "u:p"}',
    '{auth_provider: !!python/object:cassandra.auth.PlainTextAuthProvider {username: u, password: p}}',
    '{auth_provider: !!python/object/apply:cassandra.auth.PlainTextAuthProvider [u, p]}',
    '{auth_provider: !!python/object/apply:cassandra.auth.PlainTextAuthProvider {kwds: {username: u, password: p}}}',
    '{auth_provider: !!python/object/new:cassandra.auth.PlainTextAuthProvider {args: [u, p]}}',
    '{credentials: {username: u, password: p}}',
  ])('%s carries credentials', async (driver) => {
    expect((await cassandra(driver)).credentials).toEqual({ username: 'u', password: 'p' })
  })

  test.each([
    '{local_dc: dc1}',
    '{localDataCenter: dc1}',
    '{load_balancing_policy: {local_dc: dc1}}',
    '{load_balancing_policy: {localDataCenter: dc1}}',
    '{load_balancing_policy: {class: TokenAwarePolicy, child_policy: {class: DCAwareRoundRobinPolicy, local_dc: dc1}}}',
    '{load_balancing_policy: !!python/object/apply:cassandra.policies.DCAwareRoundRobinPolicy [dc1]}',
    '{load_balancing_policy: !!python/object/apply:cassandra.policies.DCAwareRoundRobinPolicy {kwds: {local_dc: dc1}}}',
  ])('%s names the local data centre', async (driver) => {
    const config = await parse(withDrivers('{}', driver))
    expect(firstPair(config).cassandra.connection.localDataCenter).toBe('dc1')
    expect(config.warnings).toEqual([])
  })

  test.each([
    [
      '{ssl_options: {ca_certs: ca.pem, check_hostname: true}}',
      { caFile: '/etc/caes/ca.pem', verify: true, verifyHostname: true },
    ],
    ['{ssl_options: {ca_certs: ca.pem}}', { caFile: '/etc/caes/ca.pem', verify: true, verifyHostname: true }],
    [
      '{ssl_options: {ca_certs: ca.pem, check_hostname: false}}',
      { caFile: '/etc/caes/ca.pem', verify: true, verifyHostname: false },
    ],
    [
      '{ssl_options: {certfile: c, keyfile: k, password: x, cert_reqs: CERT_REQUIRED, server_hostname: node}}',
      {
        certFile: '/etc/caes/c',
        keyFile: '/etc/caes/k',
        keyPassphrase: 'x',
        verify: true,
        verifyHostname: true,
        serverName: 'node',
      },
    ],
    [
      '{sslOptions: {ca: /ca.pem, servername: node}}',
      { caFile: '/ca.pem', verify: true, verifyHostname: true, serverName: 'node' },
    ],
    ['{sslOptions: {rejectUnauthorized: false}}', { verify: false, verifyHostname: false }],
  ])('%s says how TLS is done', async (driver, tls) => {
    const config = await parse(withDrivers('{}', driver))
    expect(firstPair(config).cassandra.connection.tls).toEqual(tls)
    expect(config.warnings).toEqual([])
  })

  test.each([
    '{ssl_options: {}}',
    '{ssl_options: {ca_certs: a, cert_reqs: 0}}',
    '{ssl_options: {cert_reqs: ssl.CERT_NONE}}',
  ])('%s does not verify certificates, which is worth a warning', async (driver) => {
    const config = await parse(withDrivers('{}', driver))
    expect(firstPair(config).cassandra.connection.tls).toMatchObject({ verify: false, verifyHostname: false })
    expect(config.warnings).toEqual([
      expect.stringContaining('caes.yaml:8:12: CassandraConfig.driver.ssl_options does not verify'),
    ])
  })

  test.each(['secure_connect_bundle', 'secureConnectBundle'])('%s names the bundle', async (name) => {
    const config = await parse(
      withDrivers('{}', `{cloud: {${name}: b.zip}, auth_provider: {username: u, password: p}}`),
    )
    expect(firstPair(config).cassandra.connection).toMatchObject({
      bundleFile: '/etc/caes/b.zip',
      credentials: { username: 'u', password: 'p' },
    })
    expect(config.warnings).toEqual([])
  })

  test('what the bundle knows itself has no effect beside it', async () => {
    const bundle = 'cloud: {secure_connect_bundle: b.zip}'
    const config = await parse(withDrivers('{}', `{${bundle}, contact_points: [a], ssl_options: {ca_certs: c}}`))
    expect(config.warnings).toEqual([
      expect.stringContaining('contact_points has no effect beside the secure connect bundle'),
      expect.stringContaining('ssl_options has no effect beside the secure connect bundle'),
    ])
  })

  test("the Node.js driver's own names work too", async () => {
    const driver =
      '{protocolOptions: {port: 9142, maxVersion: 4}, socketOptions: {connectTimeout: 100, readTimeout: 200}}'
    expect(await cassandra(driver)).toMatchObject({
      port: 9142,
      protocolVersion: 4,
      connectTimeoutMs: 100,
      requestTimeoutMs: 200,
    })
  })

  test('what has no counterpart or is not known is a warning with its place, never fatal', async () => {
    const config = await parse(
      withDrivers('{}', '{compression: true, executor_threads: 2, contact_point: [a], load_balancing_policy: {}}'),
    )
    expect(config.warnings).toEqual([
      'caes.yaml:8:12: CassandraConfig.driver.compression has no counterpart here and is ignored',
      'caes.yaml:8:31: CassandraConfig.driver.executor_threads has no counterpart here and is ignored',
      'caes.yaml:8:52: CassandraConfig.driver.contact_point is not known and is ignored; did you mean "contact_points"?',
      'caes.yaml:8:72: CassandraConfig.driver.load_balancing_policy names no local data centre and is ignored; requests are token aware within one',
    ])
  })

  test.each([
    [
      '{contact_points: ["http://a"]}',
      'caes.yaml:8:29: CassandraConfig.driver.contact_points must be hosts or addresses; try contact_points: [127.0.0.1]',
    ],
    [
      '{auth_provider: {username: u}}',
      'caes.yaml:8:27: CassandraConfig.driver.auth_provider must be { username, password }; try auth_provider: { username: caes, password: { file: password.txt } }',
    ],
    ['{port: cql}', 'caes.yaml:8:18: CassandraConfig.driver.port must be a number of at least 1'],
  ])('%s is a problem with its place', async (driver, problem) => {
    expect(await problemsOf(withDrivers('{}', driver))).toEqual([problem])
  })
})
