import { describe, expect, test } from 'vitest'
import { redactSecrets, redactUrl } from '../../../src/config/redact.js'
import { minimal, parse } from './support.js'

test.each([
  ['redis://user:secret@host:6379/0', 'redis://user:***@host:6379/0'],
  ['redis://:secret@host', 'redis://:***@host'],
  ['https://u:p@ss@es1:9200/x?y=z', 'https://u:***@es1:9200/x?y=z'],
  ['connect to http://a:b@x:1, then http://c:d@y', 'connect to http://a:***@x:1, then http://c:***@y'],
  ['redis://host:6379/0', 'redis://host:6379/0'],
  ['http://es1:9200/a@b', 'http://es1:9200/a@b'],
])('the password of %s is hidden', (text, shown) => {
  expect(redactUrl(text)).toBe(shown)
})

describe('a text that is shown', () => {
  const text = minimal(
    '  driver: {auth_provider: {username: caes, password: "s3cret/+\\"x"}, ssl_options: {ca_certs: a, password: keypass}}',
    'redis: {url: "redis://:re%2Fdis@cache"}',
    'http: {users: [{name: a, role: admin, password: abc}]}',
    'pairs:',
    '- name: b',
    '  ElasticSearchConfig: {index: b, driver: {api_key: [id, apisecret], headers: {x-api-key: headersecret, x-tenant: tenant}}}',
    '  CassandraConfig: {keyspace: k, dataColumnFamily: b}',
  ).replace('index: stream', 'index: stream\n  driver: {http_auth: [elastic, changeme]}')

  test.each([
    ['login changeme failed', 'login *** failed'],
    [`Authorization: Basic ${Buffer.from('elastic:changeme').toString('base64')}`, 'Authorization: Basic ***'],
    ['password is s3cret/+"x.', 'password is ***.'],
    ['{"password":"s3cret/+\\"x"}', '{"password":"***"}'],
    [`?pw=${encodeURIComponent('s3cret/+"x')}`, '?pw=***'],
    ['re/dis and re%2Fdis', '*** and ***'],
    [`ApiKey ${Buffer.from('id:apisecret').toString('base64')} is apisecret`, 'ApiKey *** is ***'],
    ['keypass headersecret', '*** ***'],
    ['abc but not abcd', '*** but not abcd'],
    ['http://new:one@host', 'http://new:***@host'],
    ['elastic caes tenant stay', 'elastic caes tenant stay'],
  ])('%j is shown as %j', async (shown, clean) => {
    expect(redactSecrets(shown, await parse(text))).toBe(clean)
  })

  test('without secrets nothing is changed', async () => {
    expect(redactSecrets('a + b', await parse(minimal()))).toBe('a + b')
  })
})
