import { CaesError } from '../src/core/errors.js'
import { isRoot } from './folder.js'
import { withInstallLock } from './install.js'
import { runProgram } from './program.js'
import { lastLines, say } from './progress.js'

/** A program that comes from a package of Debian where it is missing. */
export interface DebianPackage {
  /** Started with `--version` to see whether it is there. */
  readonly program: string
  readonly name: string
  /** What to do where it cannot be installed. */
  readonly hint: string
  /** Called right after it was installed. */
  readonly installed?: () => Promise<void>
}

/** Makes sure that the program is there. `dist` is a folder in which the lock may lie. Errors: CAES_STACK. */
export async function requireProgram(wanted: DebianPackage, dist: string, signal: AbortSignal): Promise<void> {
  if (await isThere(wanted, signal)) return
  await withInstallLock(dist, signal, async () => {
    if (await isThere(wanted, signal)) return
    await install(wanted)
    if (!(await isThere(wanted, signal))) throw cannotInstall(wanted, 'it was installed, but is not on the PATH')
  })
}

async function isThere({ program }: DebianPackage, signal: AbortSignal): Promise<boolean> {
  return (await runProgram(program, ['--version'], { signal })).code === 0
}

/** Never aborted half-way: a package manager that is interrupted leaves the system in need of repair. */
async function install(wanted: DebianPackage): Promise<void> {
  if (!isRoot()) throw cannotInstall(wanted, 'only root may install it')
  say(`${wanted.program} is not installed; installing the package ${wanted.name} with apt-get`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const wait = ['-o', 'DPkg::Lock::Timeout=120']
  const updated = await runProgram('apt-get', ['-q', ...wait, 'update'], { env })
  if (updated.code === undefined) throw cannotInstall(wanted, 'there is no apt-get here')
  const args = ['-q', '-y', ...wait, 'install', '--no-install-recommends', wanted.name]
  const installed = await runProgram('apt-get', args, { env })
  if (installed.code !== 0) {
    for (const line of lastLines(updated.output + installed.output, 12)) say(`  | ${line}`)
    throw cannotInstall(wanted, 'apt-get failed, see the lines above')
  }
  await wanted.installed?.()
}

function cannotInstall({ program, hint }: DebianPackage, why: string): CaesError {
  return new CaesError('CAES_STACK', `${program} is missing, and ${why}`, { hint })
}
