/** Reads single settings out of the tree, for rules that must work while other parts of the file are wrong. */
import type { z } from 'zod'
import { child, formatPath, nodeAt, type Node, type Path } from './nodes.js'
import { schemaAt } from './schema-walk.js'
import { fileSchema } from './schema.js'

export interface Setting<T> {
  readonly path: Path
  readonly label: string
  readonly value: T
  /** False for a default. */
  readonly written: boolean
}

/** A key without a value counts as not written. */
export const isWritten = (node: Node | undefined): node is Node =>
  node !== undefined && !(node.kind === 'scalar' && node.value === null)

const isFaulty = (node: Node | undefined): boolean => node?.kind === 'scalar' && node.faulty === true

/**
 * The checked value at the first of the paths that is written, or the default of the last; undefined when it is wrong
 * by itself, or missing without a default.
 */
const read = (root: Node, paths: readonly [Path, ...Path[]]): Setting<unknown> | undefined => {
  if (paths.some((candidate) => isFaulty(nodeAt(root, candidate)))) return undefined
  const found = paths.find((candidate) => isWritten(nodeAt(root, candidate)))
  const path = found ?? paths[0]
  const schema = schemaAt(fileSchema, found ?? paths.at(-1) ?? path) as z.ZodType | undefined
  const node = found && nodeAt(root, found)
  if (node && node.kind !== 'scalar') return undefined
  for (const candidate of node ? [node.value, node.text] : [undefined]) {
    const checked = schema?.safeParse(candidate)
    if (checked?.success && checked.data !== undefined) {
      return { path, label: formatPath(path), value: checked.data, written: found !== undefined }
    }
  }
  return undefined
}

/** A duration in milliseconds. */
export const span = (root: Node, ...paths: [Path, ...Path[]]): Setting<number> | undefined => {
  const setting = read(root, paths)
  return typeof setting?.value === 'number' ? { ...setting, value: setting.value } : undefined
}

export const word = (root: Node, ...paths: [Path, ...Path[]]): Setting<string> | undefined => {
  const setting = read(root, paths)
  return typeof setting?.value === 'string' ? { ...setting, value: setting.value } : undefined
}

export interface PairPlace {
  /** The path of the pair's block: empty for the top level. */
  readonly base: Path
  /** Empty when the file gives none. */
  readonly name: string
}

/** The pairs that the file has, whether they are right or not; the top level comes first. */
export const pairPlaces = (root: Node): PairPlace[] => {
  const list = child(root, 'pairs')
  const items = list?.kind === 'sequence' ? list.items : []
  const topLevel =
    items.length === 0 || ['ElasticSearchConfig', 'CassandraConfig'].some((key) => isWritten(child(root, key)))
  const named = items.map((item, index) => {
    const name = child(item, 'name')
    return { base: ['pairs', index], name: name?.kind === 'scalar' ? name.text : '' }
  })
  return topLevel ? [{ base: [], name: 'default' }, ...named] : named
}
