import { describe, expect, test } from 'vitest'
import { minimal, parse, problemsOf } from './support.js'

const redis = async (block: string) => (await parse(minimal(`redis: ${block}`))).redis

describe('the redis block', () => {
  test.each([
    ['{}', { url: 'redis://127.0.0.1:6379', prefix: 'caes' }],
    [
      '{url: "rediss://cache", username: ann, password: "p:w", database: 2}',
      { url: 'rediss://cache', login: { username: 'ann', password: 'p:w' }, database: 2, prefix: 'caes' },
    ],
    ['{password: pw}', { url: 'redis://127.0.0.1:6379', login: { password: 'pw' }, prefix: 'caes' }],
    [
      '{sentinel: {name: main, nodes: [s1, "s2:1", "[::1]:2"], username: w, password: v}, password: pw}',
      {
        sentinel: {
          name: 'main',
          nodes: [
            { host: 's1', port: 26_379 },
            { host: 's2', port: 1 },
            { host: '::1', port: 2 },
          ],
          login: { username: 'w', password: 'v' },
        },
        login: { password: 'pw' },
        prefix: 'caes',
      },
    ],
    [
      '{tls: {ca: ca.pem, cert: c.pem, key: ~/k.pem, passphrase: pp, serverName: r1}}',
      {
        url: 'redis://127.0.0.1:6379',
        tls: {
          caFile: '/etc/caes/ca.pem',
          certFile: '/etc/caes/c.pem',
          keyFile: '/home/someone/k.pem',
          keyPassphrase: 'pp',
          serverName: 'r1',
          verify: true,
          verifyHostname: true,
        },
        prefix: 'caes',
      },
    ],
    ['{tls: {}}', expect.objectContaining({ tls: { verify: true, verifyHostname: true } })],
    ['{tls: {verify: false}}', expect.objectContaining({ tls: { verify: false, verifyHostname: false } })],
  ])('%s', async (block, expected) => {
    expect(await redis(block)).toEqual(expected)
  })

  test.each([
    ['{cluster: [r1, "r2:6380"]}', '{caes}'],
    ['{cluster: [r1], prefix: mine}', '{mine}'],
    ['{cluster: [r1], prefix: "{mine}:x"}', '{mine}:x'],
    ['{cluster: [r1], prefix: "{}mine"}', '{{}mine}'],
    ['{prefix: mine}', 'mine'],
  ])('%s has the keys of a queue lie together: prefix %s', async (block, prefix) => {
    expect((await redis(block)).prefix).toBe(prefix)
  })

  test('REDIS_URL counts only where the file names no other place', async () => {
    const env = { REDIS_URL: 'redis://elsewhere:1' }
    const urlOf = async (block: string) => (await parse(minimal(`redis: ${block}`), { env })).redis.url
    expect(await urlOf('{}')).toBe('redis://elsewhere:1')
    expect(await urlOf('{cluster: [r1]}')).toBeUndefined()
    expect(await urlOf('{sentinel: {name: m, nodes: [s]}}')).toBeUndefined()
  })

  test.each([
    [
      '{url: "redis://a:1", cluster: [b]}',
      'caes.yaml:7:38: redis.cluster cannot stand beside redis.url; try one of url, sentinel and cluster',
    ],
    [
      '{cluster: [b], sentinel: {name: m, nodes: [s]}}',
      'caes.yaml:7:18: redis.cluster cannot stand beside redis.sentinel; try one of url, sentinel and cluster',
    ],
    ['{cluster: [b], database: 1}', 'caes.yaml:7:33: redis.database cannot be chosen in a cluster, which has one only'],
    ['{username: ann}', 'caes.yaml:7:19: redis.username needs a password; try password: { file: redis-password.txt }'],
    [
      '{sentinel: {name: m, nodes: [s], username: ann}}',
      'caes.yaml:7:51: redis.sentinel.username needs a password; try password: { file: redis-password.txt }',
    ],
    ['{cluster: []}', 'caes.yaml:7:18: redis.cluster must name at least one node, got a list'],
    [
      '{sentinel: {name: m, nodes: ["a b"]}}',
      'caes.yaml:7:37: redis.sentinel.nodes[0] must be a host, or host:port such as redis1:26379, got "a b"',
    ],
  ])('%s is a problem with its place', async (block, problem) => {
    expect(await problemsOf(minimal(`redis: ${block}`))).toEqual([problem])
  })

  test('a password with a fault is not repeated', async () => {
    for (const block of ['{password: [hunter2]}', '{tls: {passphrase: [hunter2]}}', '{password: true}']) {
      expect((await problemsOf(minimal(`redis: ${block}`))).join()).not.toContain('hunter2')
    }
  })
})
