import { createHash } from 'node:crypto'
import { chmodSync, existsSync, lstatSync, mkdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { CaesError } from '../src/core/errors.js'

/** The same for this file and for what it is compiled to, dist/stack/folder.js. */
export const projectRoot = holderOf('package.json', import.meta.dirname)

function holderOf(file: string, folder: string): string {
  return existsSync(join(folder, file)) ? folder : holderOf(file, resolve(folder, '..'))
}

/** The user Elasticsearch runs as when the stack is started by root, which it refuses: `nobody` nearly everywhere. */
export const unprivileged = { uid: 65_534, gid: 65_534 } as const

export const isRoot = (): boolean => process.getuid?.() === 0

export interface StackFolder {
  readonly path: string
  /** Set when the project's own folder could not be used, with the reason. */
  readonly moved?: string
}

/** The first folder on the way to `path` that other users may not enter, or undefined. `modeOf` is undefined for a folder that does not exist yet. */
export function closedParent(path: string, modeOf: (path: string) => number | undefined): string | undefined {
  const mode = modeOf(path)
  const above = dirname(path)
  const closed = above === path ? undefined : closedParent(above, modeOf)
  if (closed !== undefined) return closed
  return mode !== undefined && (mode & 0o001) === 0 ? path : undefined
}

export function modeOnDisk(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mode
}

/**
 * Where the stack keeps data, downloads, logs and records: CAES_STACK_DIR, or `.stack` in the project. Started by root,
 * Elasticsearch runs as another user; where that one may not enter the project, a folder of the system's temporary one
 * serves instead, always the same for the same project.
 */
export function chooseFolder(
  wanted: string | undefined,
  root = projectRoot,
  machine = { isRoot: isRoot(), modeOf: modeOnDisk, tmp: tmpdir() },
): StackFolder {
  const path = wanted === undefined ? join(root, '.stack') : resolve(wanted)
  if (!machine.isRoot) return { path }
  const closed = closedParent(path, machine.modeOf)
  if (closed === undefined) return { path }
  const reason = `Elasticsearch does not run as root, and other users may not enter ${closed}`
  const hint = `set CAES_STACK_DIR to a folder that every user can enter, or open this one with chmod o+x ${closed}`
  if (wanted !== undefined) throw new CaesError('CAES_STACK', reason, { where: path, hint })

  const name = `caes-sync-stack-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`
  const elsewhere = join(machine.tmp, name)
  const closedToo = closedParent(elsewhere, machine.modeOf)
  if (closedToo !== undefined) throw new CaesError('CAES_STACK', `${reason} or ${closedToo}`, { where: path, hint })
  return { path: elsewhere, moved: reason }
}

/** Creates the folder. Refuses one that another user made: its name in the temporary folder can be foreseen. */
export function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true })
  const found = lstatSync(path)
  if (found.isSymbolicLink() || (process.getuid !== undefined && found.uid !== process.getuid())) {
    throw new CaesError('CAES_STACK', `the stack's folder belongs to somebody else`, {
      where: path,
      hint: 'remove it, or set CAES_STACK_DIR to a folder of your own',
    })
  }
  if (isRoot()) chmodSync(path, 0o755)
}
