import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CertificateName } from '../../stack/certificates.js'
import { caesSync, configFile } from '../support/cli.js'
import { idsOf } from '../support/ids.js'
import { openTlsFront, type TlsFront } from '../support/tls-front.js'
import { openSecurePair, secretsOf, sheet, type Changes, type SecurePair } from './support.js'

let pair: SecurePair
const fronts: TlsFront[] = []
beforeAll(async () => {
  pair = await openSecurePair()
})
afterAll(async () => {
  await Promise.all(fronts.map((front) => front.close()))
  await pair.close()
})

/** Runs a verb and makes sure that, whatever came of it, nobody has learnt a secret. */
const run = async (changes: Changes, ...args: string[]) => {
  const config = pair.config(changes)
  const file = configFile(config)
  try {
    const result = await caesSync([...args, '-c', file.path])
    for (const secret of secretsOf(config)) expect(result.stdout + result.stderr).not.toContain(secret)
    expect(result.stderr).not.toMatch(/\bat .+:\d+:\d+|node_modules|deps\/openssl/)
    return result
  } finally {
    file.remove()
  }
}

const sync = (changes: Changes = {}) => run(changes, 'sync', '--from', '0', '--to', '100')

test('a window is synced over TLS with client certificates and logins', async () => {
  const [a, b] = idsOf(2, 'secure') as [string, string]
  await pair.index(a, 10, { vint: 1, vstring: 'x' })
  await pair.batch(b, 10, { vint: 2, vstring: 'y' })
  expect(await sync()).toMatchObject({ code: 0, stderr: '' })
  expect(await pair.row(a)).toEqual({ vint: 1, vstring: 'x' })
  expect(await pair.document(b)).toEqual({ vint: 2, vstring: 'y', timestamp: 10 })
  expect(await run({}, 'validate')).toMatchObject({ code: 0 })
})

const portOf = (address: string): number => Number(/:(\d+)$/.exec(address)?.[1])

/** A port that leads to a server, behind another certificate than its own. */
const behind = async (shown: 'expired' | 'elsewhere', address: string): Promise<number> => {
  const { certificates } = sheet()
  const { ca, client } = certificates
  const front = await openTlsFront(certificates[shown], { port: portOf(address), ca: ca.cert, client })
  fronts.push(front)
  return front.port
}

interface Case {
  readonly what: string
  readonly changes: () => Changes | Promise<Changes>
  readonly code: string
  readonly says: RegExp
  readonly exit?: number
}

const client = (name: CertificateName) => sheet().certificates[name]
const wrong = 'wrong-p@ss/word'

const elasticsearchCases: readonly Case[] = [
  {
    what: 'a wrong password',
    changes: () => ({ elasticsearch: { http_auth: ['sync', wrong] } }),
    code: 'CAES_ELASTICSEARCH_DENIED',
    says: /does not accept the credentials/,
  },
  {
    what: 'no login',
    changes: () => ({ elasticsearch: { http_auth: null } }),
    code: 'CAES_ELASTICSEARCH_DENIED',
    says: /does not accept the credentials/,
  },
  {
    what: 'too few rights',
    changes: () => {
      const { username, password } = sheet().accounts.elasticsearch.reader
      return { elasticsearch: { http_auth: [username, password] } }
    },
    code: 'CAES_ELASTICSEARCH_DENIED',
    says: /does not permit this while .*writ/,
  },
  {
    what: 'an unknown authority',
    changes: () => ({ elasticsearch: { ca_certs: client('other-ca').cert } }),
    code: 'CAES_CERTIFICATE_REFUSED',
    says: /authority that is not trusted/,
  },
  {
    what: 'a certificate for another host',
    changes: async () => {
      const port = await behind('elsewhere', sheet().elasticsearch)
      return { elasticsearch: { hosts: [`https://127.0.0.1:${port}`] } }
    },
    code: 'CAES_CERTIFICATE_REFUSED',
    says: /for another host/,
  },
  {
    what: 'an expired certificate',
    changes: async () => {
      const port = await behind('expired', sheet().elasticsearch)
      return { elasticsearch: { hosts: [`https://127.0.0.1:${port}`] } }
    },
    code: 'CAES_CERTIFICATE_REFUSED',
    says: /not valid now/,
  },
  {
    what: 'a missing client certificate',
    changes: () => ({ elasticsearch: { client_cert: null, client_key: null } }),
    code: 'CAES_CERTIFICATE_REFUSED',
    says: /wants a certificate of its clients/,
  },
  {
    what: 'a client certificate that the server does not trust',
    changes: () => ({ elasticsearch: { client_cert: client('stranger').cert, client_key: client('stranger').key } }),
    code: 'CAES_CERTIFICATE_REFUSED',
    says: /does not accept the certificate of the client/,
  },
  {
    what: 'an expired client certificate',
    changes: () => {
      const { cert, key } = client('expired-client')
      return { elasticsearch: { client_cert: cert, client_key: key } }
    },
    code: 'CAES_CERTIFICATE_REFUSED',
    says: /expired-client\.pem ended on/,
  },
  {
    what: 'a key that belongs to another certificate',
    changes: () => ({ elasticsearch: { client_key: client('stranger').key } }),
    code: 'CAES_CONFIG_INVALID',
    says: /does not belong to the certificate/,
  },
  {
    what: 'no TLS',
    changes: () => ({ elasticsearch: { hosts: [sheet().elasticsearch.replace('https', 'http')] } }),
    code: 'CAES_ELASTICSEARCH_DOWN',
    says: /cannot be reached/,
    exit: 69,
  },
]

const ssl = (changes: object): Changes => {
  const { ca, client: own } = sheet().certificates
  return { cassandra: { ssl_options: { ca_certs: ca.cert, certfile: own.cert, keyfile: own.key, ...changes } } }
}

const cassandraCases: readonly Case[] = [
  {
    what: 'a wrong password',
    changes: () => ({ cassandra: { auth_provider: { username: pair.name, password: wrong } } }),
    code: 'CAES_CASSANDRA_DENIED',
    says: /does not accept the credentials/,
  },
  {
    what: 'no login',
    changes: () => ({ cassandra: { auth_provider: null } }),
    code: 'CAES_CASSANDRA_DENIED',
    says: /requires authentication/,
  },
  {
    what: 'an unknown authority',
    changes: () => ssl({ ca_certs: client('other-ca').cert }),
    code: 'CAES_CERTIFICATE_REFUSED',
    says: /authority that is not trusted/,
  },
  {
    what: 'a certificate for another host',
    changes: async () => ({ cassandra: { port: await behind('elsewhere', sheet().cassandra) } }),
    code: 'CAES_CERTIFICATE_REFUSED',
    says: /for another host/,
  },
  {
    what: 'an expired certificate',
    changes: async () => ({ cassandra: { port: await behind('expired', sheet().cassandra) } }),
    code: 'CAES_CERTIFICATE_REFUSED',
    says: /not valid now/,
  },
  {
    what: 'a missing client certificate',
    changes: () => ssl({ certfile: null, keyfile: null }),
    code: 'CAES_CERTIFICATE_REFUSED',
    says: /wants a certificate of its clients/,
  },
  {
    what: 'a client certificate that the server does not trust',
    changes: () => ssl({ certfile: client('stranger').cert, keyfile: client('stranger').key }),
    code: 'CAES_CERTIFICATE_REFUSED',
    says: /looked at the certificate of the client/,
  },
  {
    what: 'a file that is no certificate',
    changes: () => ssl({ certfile: client('client').key }),
    code: 'CAES_CONFIG_INVALID',
    says: /no certificate that can be read/,
  },
  {
    what: 'no TLS',
    changes: () => ({ cassandra: { ssl_options: null } }),
    code: 'CAES_CASSANDRA_DOWN',
    says: /cannot be reached/,
    exit: 69,
  },
]

const tls = (changes: object): Changes => {
  const { ca, client: own } = sheet().certificates
  return { redis: { tls: { ca: ca.cert, cert: own.cert, key: own.key, ...changes } } }
}

const redisCases: readonly Case[] = [
  {
    what: 'a wrong password',
    changes: () => ({ redis: { password: wrong } }),
    code: 'CAES_REDIS_DENIED',
    says: /WRONGPASS/,
  },
  {
    what: 'no login',
    changes: () => ({ redis: { username: null, password: null } }),
    code: 'CAES_REDIS_DENIED',
    says: /NOAUTH/,
  },
  {
    what: 'too few rights',
    changes: () => ({ redis: { prefix: 'of-somebody-else' } }),
    code: 'CAES_REDIS_DENIED',
    says: /NOPERM/,
  },
  {
    what: 'an unknown authority',
    changes: () => tls({ ca: client('other-ca').cert }),
    code: 'CAES_CERTIFICATE_REFUSED',
    says: /authority that is not trusted/,
  },
  {
    what: 'a certificate for another host',
    changes: async () => ({ redis: { url: `rediss://127.0.0.1:${await behind('elsewhere', sheet().redis)}` } }),
    code: 'CAES_CERTIFICATE_REFUSED',
    says: /for another host/,
  },
  {
    what: 'an expired certificate',
    changes: async () => ({ redis: { url: `rediss://127.0.0.1:${await behind('expired', sheet().redis)}` } }),
    code: 'CAES_CERTIFICATE_REFUSED',
    says: /not valid now/,
  },
  {
    what: 'a missing client certificate',
    changes: () => tls({ cert: null, key: null }),
    code: 'CAES_CERTIFICATE_REFUSED',
    says: /wants a certificate of its clients/,
  },
  {
    what: 'a client certificate that the server does not trust',
    changes: () => tls({ cert: client('stranger').cert, key: client('stranger').key }),
    code: 'CAES_CERTIFICATE_REFUSED',
    says: /does not accept the certificate of the client/,
  },
]

describe.concurrent('Elasticsearch says what is wrong', () => {
  test.each(elasticsearchCases)('$what', async ({ changes, code, says, exit = 78 }) => {
    const [id] = idsOf(1, 'unwritten') as [string]
    await pair.batch(id, 20, { vint: 1 })
    const { code: ended, stderr } = await sync(await changes())
    expect(stderr).toMatch(says)
    expect(stderr).toContain(`[${code}]`)
    expect(ended).toBe(exit)
  })
})

describe.concurrent('Cassandra says what is wrong', () => {
  test.each(cassandraCases)('$what', async ({ changes, code, says, exit = 78 }) => {
    const { code: ended, stderr } = await sync(await changes())
    expect(stderr).toMatch(says)
    expect(stderr).toContain(`[${code}]`)
    expect(ended).toBe(exit)
  })
})

describe.concurrent('Redis says what is wrong', () => {
  test.each(redisCases)('$what', async ({ changes, code, says, exit = 78 }) => {
    const { code: ended, stderr } = await run(await changes(), 'rejects')
    expect(stderr).toMatch(says)
    expect(stderr).toContain(`[${code}]`)
    expect(ended).toBe(exit)
  })
})

test('Cassandra says which right is missing', async () => {
  await pair.cassandra.execute(`REVOKE MODIFY ON TABLE ${pair.name}.data FROM ${pair.name}`)
  const [id] = idsOf(1, 'no right') as [string]
  await pair.index(id, 30, { vint: 1 })
  const { code, stderr } = await sync()
  expect(stderr).toMatch(/has no MODIFY permission on .*data/)
  expect(stderr).toContain('[CAES_CASSANDRA_DENIED]')
  expect(code).toBe(78)
})
