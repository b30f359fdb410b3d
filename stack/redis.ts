import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { probesFor } from './probe.js'
import { requireRedisServer } from './redis-install.js'
import type { SecurePlace } from './secure-place.js'
import type { Launch, Places, Server } from './server.js'
import { portVariables, type StackSettings } from './settings.js'

/** The system's own redis-server, with its own folder and port. */
export function redisServer(settings: StackSettings, { home, dist, secure }: Places): Server {
  const { port } = settings.ports.redis
  const { variable } = portVariables.redis
  return {
    name: 'redis',
    version: '7',
    port,
    portVariable: variable,
    endpoint: `${secure === undefined ? 'redis' : 'rediss'}://127.0.0.1:${port}`,
    probe: probesFor(secure).redis,
    async prepare(signal): Promise<Launch> {
      await requireRedisServer(dist, signal)
      const folder = join(home, 'redis')
      mkdirSync(folder, { recursive: true })
      const start = { command: 'redis-server', env: {}, cwd: folder }
      if (secure === undefined) return { ...start, args: redisArguments(port) }
      // In a file that nobody else may read: arguments are seen by all users of the machine.
      const file = join(folder, 'redis.conf')
      writeFileSync(file, secureRedisConfig(port, secure), { mode: 0o600 })
      return { ...start, args: [file] }
    },
  }
}

/** Nothing is evicted and every write is logged: the queue's jobs must survive. The working folder holds the data. */
const common = {
  bind: '127.0.0.1',
  dir: './',
  appendonly: 'yes',
  save: '',
  'maxmemory-policy': 'noeviction',
  daemonize: 'no',
}

export function redisArguments(port: number): string[] {
  return Object.entries({ port: String(port), ...common }).flatMap(([name, value]) => [`--${name}`, value])
}

/** No port without TLS, no client without a certificate, no user without a name. */
export function secureRedisConfig(port: number, secure: SecurePlace): string {
  const { cert, key } = secure.certificate('server')
  const { username, password } = secure.accounts().redis.admin
  const options = {
    port: '0',
    'tls-port': String(port),
    'tls-cert-file': cert,
    'tls-key-file': key,
    'tls-ca-cert-file': secure.certificate('ca').cert,
    'tls-auth-clients': 'yes',
    ...common,
  }
  return [
    ...Object.entries(options).map(([name, value]) => `${name} ${JSON.stringify(value)}`),
    'user default off',
    `user ${username} on #${createHash('sha256').update(password).digest('hex')} ~* &* +@all`,
    '',
  ].join('\n')
}
