/** The `redis` block: the rules between its keys, and the connection that it describes. */
import type { Config } from './config.js'
import type { RedisLogin, TlsOptions } from './connection.js'
import { given, tlsFiles, type Files } from './driver-options.js'
import type { Environment } from './interpolate.js'
import { child, formatPath, nodeAt, type Node } from './nodes.js'
import type { Findings } from './problems.js'
import { defaultRedisUrl, type RedisFile } from './redis-schema.js'
import { isWritten } from './settings.js'

const places = ['url', 'sentinel', 'cluster'] as const

/** There is one place to connect to; a cluster has one database; a user alone is no login. */
export const redisIsWhole = (root: Node, { problems }: Findings): void => {
  const block = child(root, 'redis')
  if (block?.kind !== 'mapping') return
  const written = (key: string): Node | undefined => {
    const node = child(block, key)
    return isWritten(node) ? node : undefined
  }
  const [first, second] = places.filter((key) => written(key) !== undefined)
  if (first !== undefined && second !== undefined) {
    const what = `${formatPath(['redis', second])} cannot stand beside ${formatPath(['redis', first])}`
    problems.push({ at: written(second)!.at, what, hint: 'one of url, sentinel and cluster' })
  }
  const database = written('database')
  if (database !== undefined && written('cluster') !== undefined) {
    problems.push({ at: database.at, what: 'redis.database cannot be chosen in a cluster, which has one only' })
  }
  for (const path of [['redis'], ['redis', 'sentinel']]) {
    const place = nodeAt(root, path)
    const [username, password] = ['username', 'password'].map((key) => place && child(place, key))
    if (!isWritten(username) || isWritten(password)) continue
    const label = formatPath([...path, 'username'])
    problems.push({
      at: username.at,
      what: `${label} needs a password`,
      hint: 'password: { file: redis-password.txt }',
    })
  }
}

const loginOf = ({ username, password }: Pick<RedisFile, 'username' | 'password'>): { login?: RedisLogin } =>
  password === undefined ? {} : { login: { password, ...given({ username }) } }

const tlsOf = ({ ca, cert, key, passphrase, ...checks }: NonNullable<RedisFile['tls']>, files: Files): TlsOptions => ({
  ...tlsFiles({ ca, cert, key }, files),
  ...given({ keyPassphrase: passphrase, serverName: checks.serverName }),
  verify: checks.verify,
  verifyHostname: checks.verify && checks.verifyHostname,
})

const hashTag = /\{[^}]+\}/

export const redisConnection = (file: RedisFile, env: Environment, files: Files): Config['redis'] => {
  const { sentinel, cluster, database, prefix } = file
  const single = sentinel === undefined && cluster === undefined
  return {
    ...(single ? { url: file.url ?? (env['REDIS_URL'] || defaultRedisUrl) } : {}),
    ...(sentinel === undefined
      ? {}
      : { sentinel: { name: sentinel.name, nodes: sentinel.nodes, ...loginOf(sentinel) } }),
    ...given({ cluster, database, tls: file.tls && tlsOf(file.tls, files) }),
    ...loginOf(file),
    prefix: cluster === undefined || hashTag.test(prefix) ? prefix : `{${prefix}}`,
  }
}
