/**
 * From the options of the original's Python drivers (and of the Node.js ones) to connections in words of neither.
 * Nothing here is fatal but a value that cannot be used: the original handed on whatever it was given, so an option
 * that is not known is a warning.
 */
import { resolve } from 'node:path'
import type { TlsOptions } from './connection.js'
import { kwargs, scalarText, type Kwargs } from './kwargs.js'
import type { Node, Path } from './nodes.js'
import type { Findings } from './problems.js'

/** How file names are read. */
export interface Files {
  /** Relative ones start here. */
  readonly baseDir: string
  /** What `~` stands for. */
  readonly home: string
}

export interface DriverContext extends Files {
  readonly findings: Findings
}

/** The options of a `driver` block; an absent or empty block has none. */
export const driverOptions = (node: Node | undefined, path: Path, { findings }: DriverContext): Kwargs =>
  kwargs(node?.kind === 'mapping' ? node : undefined, path, findings)

export const filePath = (written: string | undefined, { baseDir, home }: Files): string | undefined => {
  if (written === undefined) return undefined
  return written.startsWith('~/') ? resolve(home, written.slice(2)) : resolve(baseDir, written)
}

/** Leaves out what is undefined, as optional properties want it. */
export const given = <T extends object>(properties: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }

/** `[user, password]` or `user:password`. */
export const userAndPassword = (node: Node): { username: string; password: string } | undefined => {
  if (node.kind === 'sequence') {
    const [username, password, ...rest] = node.items.map(scalarText)
    return username === undefined || password === undefined || rest.length > 0 ? undefined : { username, password }
  }
  const text = scalarText(node)
  const colon = text?.indexOf(':') ?? -1
  return text === undefined || colon < 0
    ? undefined
    : { username: text.slice(0, colon), password: text.slice(colon + 1) }
}

export const tlsFiles = (
  files: { ca?: string | undefined; cert?: string | undefined; key?: string | undefined },
  context: Files,
): Pick<TlsOptions, 'caFile' | 'certFile' | 'keyFile'> =>
  given({
    caFile: filePath(files.ca, context),
    certFile: filePath(files.cert, context),
    keyFile: filePath(files.key, context),
  })
