import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { isConnectionFault, onRedis } from '../../../src/adapters/bullmq/redis-faults.js'

const reply = (message: string): Error => Object.assign(new Error(message), { name: 'ReplyError' })
const socket = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code })

const ofCluster = (lastNodeError: Error): Error =>
  Object.assign(new Error('Failed to refresh slots cache.'), { name: 'ClusterAllFailedError', lastNodeError })

const failure = (met: unknown): Promise<unknown> =>
  onRedis('cache:6379', () => Promise.reject(met)).catch((thrown: unknown) => thrown)

describe('an operation on Redis', () => {
  it.each([
    ['nobody listens', socket('ECONNREFUSED'), 'CAES_REDIS_DOWN', 'cannot be reached'],
    ['the name does not resolve', socket('ENOTFOUND'), 'CAES_REDIS_DOWN', 'cannot be reached'],
    ['the line is dead', new Error('Command timed out'), 'CAES_REDIS_DOWN', 'cannot be reached'],
    ['it is not connected', new Error('Connection is closed.'), 'CAES_REDIS_DOWN', 'cannot be reached'],
    ['it reads its data', reply('LOADING Redis is loading the dataset in memory'), 'CAES_REDIS_DOWN', 'now: LOADING'],
    ['it is a replica', reply("READONLY You can't write against a read only replica."), 'CAES_REDIS_DOWN', 'READONLY'],
    ['its memory is full', reply("OOM command not allowed when used memory > 'maxmemory'."), 'CAES_REDIS_DOWN', 'OOM'],
    ['it cannot save', reply('MISCONF Redis is configured to save RDB snapshots'), 'CAES_REDIS_DOWN', 'MISCONF'],
    ['the password is wrong', reply('WRONGPASS invalid username-password pair'), 'CAES_REDIS_DENIED', 'WRONGPASS'],
    ['there is no password', reply('NOAUTH Authentication required.'), 'CAES_REDIS_DENIED', 'NOAUTH'],
    ['the user may not', reply("NOPERM User x has no permissions to run 'hset'"), 'CAES_REDIS_DENIED', 'NOPERM'],
    ['its authority is unknown', socket('SELF_SIGNED_CERT_IN_CHAIN'), 'CAES_CERTIFICATE_REFUSED', 'not trusted'],
    ['its certificate is over', socket('CERT_HAS_EXPIRED'), 'CAES_CERTIFICATE_REFUSED', 'not valid now'],
    ['it is another host', socket('ERR_TLS_CERT_ALTNAME_INVALID'), 'CAES_CERTIFICATE_REFUSED', 'another host'],
    ['a node of a cluster refuses', ofCluster(reply('WRONGPASS no')), 'CAES_REDIS_DENIED', 'WRONGPASS'],
    ['a node has expired', ofCluster(socket('CERT_HAS_EXPIRED')), 'CAES_CERTIFICATE_REFUSED', 'not valid now'],
  ])('says where, what and what to try when %s', async (_, error, code, text) => {
    expect(await failure(error)).toMatchObject({
      code,
      where: 'cache:6379',
      message: expect.stringContaining(text) as string,
      hint: expect.any(String) as string,
    })
  })

  it('keeps no error of a login, which has the password in its command', async () => {
    const command = { name: 'hello', args: ['3', 'AUTH', 'ann', 'hunter2'] }
    const denied = await failure(Object.assign(reply('WRONGPASS invalid username-password pair'), { command }))
    expect(inspect(denied, { depth: 10 })).not.toContain('hunter2')
  })

  it('passes on what is no fault of Redis, and its answers to a wrong command', async () => {
    for (const error of [new TypeError('a bug'), reply('ERR unknown command'), new Error('OOM in a text of ours')]) {
      expect(await failure(error)).toBe(error)
    }
  })
})

it('a refusal is no lost connection, so a worker that meets one does not keep it to itself', () => {
  expect(isConnectionFault(reply('OOM command not allowed'))).toBe(false)
  expect(isConnectionFault(socket('ECONNRESET'))).toBe(true)
})
