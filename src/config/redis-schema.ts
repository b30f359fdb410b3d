/** The keys of the `redis` block. */
import { z } from 'zod'
import { address, matching, secret, text } from './fields.js'

/** The address of Redis where neither the file nor REDIS_URL gives one. */
export const defaultRedisUrl = 'redis://127.0.0.1:6379'

const urlPattern = /^(?:rediss?:\/\/|unix:|\/)\S+$/
const urlClause = 'must be an address such as redis://127.0.0.1:6379'

const login = {
  username: text().optional().describe('The ACL user; `default` where only a password is given.'),
  password: secret().optional().describe('Its password, over that of the URL.'),
}

const tls = z
  .strictObject({
    ca: text().optional().describe('PEM file of the authorities that are trusted; the system’s own by default.'),
    cert: text().optional().describe('PEM file of the client’s certificate.'),
    key: text().optional().describe('PEM file of its key.'),
    passphrase: secret().optional().describe('Of the key.'),
    verify: z.boolean().default(true).describe('Whether a certificate of an unknown authority is refused.'),
    verifyHostname: z.boolean().default(true).describe('Whether a certificate for another host is refused.'),
    serverName: text().optional().describe('The name that the certificate must have, where it is not the host.'),
  })
  .describe('TLS; an empty block turns it on, as does rediss:// in the URL.')

export const redisSchema = z
  .strictObject({
    url: secret(matching(urlPattern, urlClause), urlClause)
      .optional()
      .describe(`The queue's Redis. Default: the environment variable REDIS_URL, else ${defaultRedisUrl}.`)
      .meta({ examples: [defaultRedisUrl] }),
    ...login,
    database: z.int().min(0).optional().describe('The number of the database, over that of the URL.'),
    tls: tls.optional(),
    sentinel: z
      .strictObject({
        name: text()
          .describe('What the sentinels call the servers that they watch.')
          .meta({ examples: ['mymaster'] }),
        nodes: z
          .array(address(26_379))
          .min(1, { error: 'must name at least one sentinel' })
          .describe('The sentinels.')
          .meta({ examples: [['redis1:26379', 'redis2:26379']] }),
        ...login,
      })
      .optional()
      .describe('Instead of url: sentinels, which know the server to use.'),
    cluster: z
      .array(address(6379))
      .min(1, { error: 'must name at least one node' })
      .optional()
      .describe('Instead of url: some nodes of a cluster.')
      .meta({ examples: [['redis1:6379', 'redis2:6379']] }),
    prefix: matching(/^\S+$/, 'must be text without spaces')
      .default('caes')
      .describe('What the keys in Redis begin with. In a cluster it gets a hash tag: {caes}.'),
  })
  .describe('Redis holds the queue only; losing it loses no data.')

export type RedisFile = z.output<typeof redisSchema>
