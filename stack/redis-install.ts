import { existsSync } from 'node:fs'
import { requireProgram } from './debian-package.js'
import { runProgram } from './program.js'
import { lastLines, say } from './progress.js'

/** Makes sure that the program `redis-server` is there, from Debian's package where that is possible. */
export function requireRedisServer(dist: string, signal: AbortSignal): Promise<void> {
  const wanted = {
    program: 'redis-server',
    name: 'redis-server',
    hint: 'install Redis 6.2 or newer (apt-get install redis-server, brew install redis), or start a Docker engine',
    installed: stopPackagedService,
  }
  return requireProgram(wanted, dist, signal)
}

/** The package may start a service of its own on 6379. It was installed for its program only. */
async function stopPackagedService(): Promise<void> {
  const [command, ...args] = existsSync('/run/systemd/system')
    ? ['systemctl', 'disable', '--now', 'redis-server']
    : ['service', 'redis-server', 'stop']
  const { code, output } = await runProgram(command, args)
  if (code !== 0) say(`redis: the packaged service was not stopped: ${lastLines(output, 1)[0] ?? `no ${command} here`}`)
}
