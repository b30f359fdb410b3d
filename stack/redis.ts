import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { requireRedisServer } from './redis-install.js'
import type { Launch, Places, Server } from './server.js'
import { portVariables, type StackSettings } from './settings.js'

/** The system's own redis-server, with its own folder and port. */
export function redisServer(settings: StackSettings, { home, dist }: Places): Server {
  const { port } = settings.ports.redis
  const { variable } = portVariables.redis
  return {
    name: 'redis',
    version: '7',
    port,
    portVariable: variable,
    endpoint: `redis://127.0.0.1:${port}`,
    async prepare(signal): Promise<Launch> {
      await requireRedisServer(dist, signal)
      const folder = join(home, 'redis')
      mkdirSync(folder, { recursive: true })
      return { command: 'redis-server', args: redisArguments(port), env: {}, cwd: folder }
    },
  }
}

/** Nothing is evicted and every write is logged: the queue's jobs must survive. The working folder holds the data. */
export function redisArguments(port: number): string[] {
  const options = {
    port: String(port),
    bind: '127.0.0.1',
    dir: './',
    appendonly: 'yes',
    save: '',
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
  }
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
}
