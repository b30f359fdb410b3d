import { existsSync } from 'node:fs'
import { CaesError } from '../src/core/errors.js'
import { isRoot } from './folder.js'
import { withInstallLock } from './install.js'
import { runProgram } from './program.js'
import { lastLines, say } from './progress.js'

/** Makes sure that the program `redis-server` is there, from Debian's package where that is possible. */
export async function requireRedisServer(dist: string, signal: AbortSignal): Promise<void> {
  if (await isInstalled(signal)) return
  await withInstallLock(dist, signal, async () => {
    if (await isInstalled(signal)) return
    await install()
    if (!(await isInstalled(signal))) throw cannotInstall('it was installed, but is not on the PATH')
  })
}

async function isInstalled(signal: AbortSignal): Promise<boolean> {
  return (await runProgram('redis-server', ['--version'], { signal })).code === 0
}

/** Never aborted half-way: a package manager that is interrupted leaves the system in need of repair. */
async function install(): Promise<void> {
  if (!isRoot()) throw cannotInstall('only root may install it')
  say('redis: redis-server is not installed; installing the package redis-server with apt-get')
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const wait = ['-o', 'DPkg::Lock::Timeout=120']
  const updated = await runProgram('apt-get', ['-q', ...wait, 'update'], { env })
  if (updated.code === undefined) throw cannotInstall('there is no apt-get here')
  const installed = await runProgram(
    'apt-get',
    ['-q', '-y', ...wait, 'install', '--no-install-recommends', 'redis-server'],
    { env },
  )
  if (installed.code !== 0) {
    for (const line of lastLines(updated.output + installed.output, 12)) say(`  | ${line}`)
    throw cannotInstall('apt-get failed, see the lines above')
  }
  await stopPackagedService()
}

/** The package may start a service of its own on 6379. It was installed for its program only. */
async function stopPackagedService(): Promise<void> {
  const [command, ...args] = existsSync('/run/systemd/system')
    ? ['systemctl', 'disable', '--now', 'redis-server']
    : ['service', 'redis-server', 'stop']
  const { code, output } = await runProgram(command, args)
  if (code !== 0) say(`redis: the packaged service was not stopped: ${lastLines(output, 1)[0] ?? `no ${command} here`}`)
}

function cannotInstall(why: string): CaesError {
  return new CaesError('CAES_STACK', `redis-server is missing, and ${why}`, {
    hint: 'install Redis 6.2 or newer (apt-get install redis-server, brew install redis), or start a Docker engine',
  })
}
