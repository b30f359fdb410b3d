/** `{ file: path }` in place of a secret: the text of that file, without its last line break. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { faulty, formatPath, type MappingNode, type Node, type Path, type ScalarNode } from './nodes.js'
import type { Problem } from './problems.js'

/** The values that may be secrets: the connection to Redis, users' passwords, and everything given to a driver. */
export const isSecretPath = (path: Path): boolean =>
  path.includes('driver') ||
  (path[0] === 'redis' && ['url', 'password', 'passphrase'].includes(String(path.at(-1)))) ||
  (path[0] === 'http' && path[1] === 'users' && path[3] === 'password')

/** Where secrets stand; `*` is any place in a list. */
const places: readonly (readonly string[])[] = ['ElasticSearchConfig', 'CassandraConfig']
  .flatMap((block) => [
    [block, 'driver'],
    ['pairs', '*', block, 'driver'],
  ])
  .concat([
    ['redis', 'url'],
    ['redis', 'tls', 'passphrase'],
    ['redis', 'sentinel', 'password'],
    ['http', 'users', '*', 'password'],
  ])

/** Whether a secret may stand there, or would below it: a block may have been written as one text by mistake. */
export const mayShowSecret = (path: Path): boolean =>
  isSecretPath(path) ||
  places.some((place) => path.every((step, index) => place[index] === '*' || place[index] === step))

const fileOf = (node: MappingNode): ScalarNode | undefined => {
  const file = node.entries.size === 1 ? node.entries.get('file')?.value : undefined
  return file?.kind === 'scalar' && file.text !== '' ? file : undefined
}

/** Replaces the references below `node`; paths in them are relative to `baseDir`. */
export const readSecretFiles = async (
  node: Node,
  baseDir: string,
  problems: Problem[],
  path: Path = [],
): Promise<Node> => {
  if (node.kind === 'scalar') return node
  if (node.kind === 'sequence') {
    const items: Node[] = []
    for (const [index, item] of node.items.entries()) {
      items.push(await readSecretFiles(item, baseDir, problems, [...path, index]))
    }
    return { ...node, items }
  }
  const file = isSecretPath(path) ? fileOf(node) : undefined
  if (!file) {
    const entries: MappingNode['entries'] = new Map()
    for (const [key, entry] of node.entries) {
      // The logging block holds no secrets and may be anything; it is left as it was written.
      const value =
        path.length === 0 && key === 'logging'
          ? entry.value
          : await readSecretFiles(entry.value, baseDir, problems, [...path, key])
      entries.set(key, { ...entry, value })
    }
    return { ...node, entries }
  }
  try {
    const text = (await readFile(resolve(baseDir, file.text), 'utf8')).replace(/\r?\n$/, '')
    if (text !== '') return { kind: 'scalar', at: node.at, value: text, text, from: [file.text] }
    problems.push({ at: file.at, what: `${formatPath(path)}: the secret file "${file.text}" is empty` })
    return faulty(node.at)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    problems.push({
      at: file.at,
      what: `${formatPath(path)}: the secret file "${file.text}" cannot be read (${code})`,
      hint: `a readable file; relative paths start at ${baseDir}`,
    })
    return faulty(node.at)
  }
}
