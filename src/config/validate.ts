/** Checks the tree against the schema and says, at its place, what does not fit and what would. */
import type { z } from 'zod'
import { formatPath, nodeAt, toData, type Node, type Path, type ScalarNode } from './nodes.js'
import { locate } from './positions.js'
import type { Problem } from './problems.js'
import { fileSchema, type ConfigFile } from './schema.js'
import { exampleAt, keysAt } from './schema-walk.js'
import { mayShowSecret } from './secrets.js'
import { closest } from './suggest.js'

type Issue = z.core.$ZodIssue

const nouns: Record<string, string> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a block of keys',
  record: 'a block of keys',
}

/** The clause after the key for what the schema has no words of its own for. */
const clause = (issue: z.core.$ZodRawIssue): string => {
  if (issue.code === 'invalid_type') return `must be ${nouns[issue.expected] ?? issue.expected}`
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`
  if (issue.code === 'too_small' && issue.origin === 'string') return 'must not be empty'
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}`
  return issue.code === 'too_big' ? `must be at most ${issue.maximum}` : 'has a form that is not understood'
}

const holder = (data: unknown, path: Path): Record<string | number, unknown> | undefined => {
  let value = data
  for (const step of path.slice(0, -1)) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>) : undefined
}

/** Paths where an issue, or a branch of a union, would have been content with text. */
const wantingText = (issue: Issue, base: Path = []): Path[] => {
  const path = [...base, ...(issue.path as (string | number)[])]
  if (issue.code === 'invalid_type') return issue.expected === 'string' ? [path] : []
  if (issue.code !== 'invalid_union') return []
  return issue.errors.flatMap((branch) => branch.flatMap((inner) => wantingText(inner, path)))
}

/** Numbers and dates are also the text that was written for them, and a variable's value may be anything. */
const asText = (node: Node | undefined): string | undefined => {
  if (node?.kind !== 'scalar' || typeof node.value === 'string') return undefined
  const legible = typeof node.value === 'number' || node.value instanceof Date || node.from.length > 0
  return legible ? node.text : undefined
}

/** Mends in `data` what YAML's types got in the way of; returns whether anything was changed. */
const mend = (data: unknown, root: Node, issues: readonly Issue[]): boolean => {
  let changed = false
  for (const issue of issues) {
    const path = issue.path as (string | number)[]
    const last = path.at(-1)
    const parent = holder(data, path)
    // A key without a value (`sync:` with all its lines commented out) is as good as no key.
    if (last !== undefined && typeof last === 'string' && parent?.[last] === null) {
      delete parent[last]
      changed = true
      continue
    }
    for (const place of wantingText(issue)) {
      const text = asText(nodeAt(root, place))
      const target = holder(data, place)
      if (text === undefined || !target) continue
      target[place.at(-1) ?? ''] = text
      changed = true
    }
  }
  return changed
}

const got = (node: Node, path: Path): string => {
  if (node.kind === 'mapping') return ', got a block of keys'
  if (node.kind === 'sequence') return ', got a list'
  if (node.from.length > 0) return `, got the value of ${node.from.join(' and ')}`
  if (mayShowSecret(path)) return ''
  const shown = node.text.length > 40 ? `${node.text.slice(0, 40)}…` : node.text
  return shown === '' ? ', got nothing' : `, got "${shown}"`
}

const hintFor = (node: ScalarNode, issue: Issue): string | undefined => {
  if (typeof node.value === 'boolean' && wantingText(issue).length > 0) {
    return `putting it in quotes: "${node.text}" alone means ${String(node.value)}`
  }
  if (issue.code !== 'invalid_value') return undefined
  const meant = closest(node.text, issue.values.map(String))
  return meant === undefined ? undefined : `"${meant}"`
}

/** Where else a key is known, for one that was put into the wrong block. */
const homeOf = (key: string): string | undefined =>
  ['', ...keysAt(fileSchema, [])].find((block) => keysAt(fileSchema, block === '' ? [] : [block]).includes(key))

const unknownKey = (root: Node, path: Path, key: string): Problem => {
  const at = locate(root, [...path, key], 'key')
  const inside = path.length > 0 ? ` in ${formatPath(path)}` : ''
  const what = `unknown key "${key}"${inside}`
  const known = keysAt(fileSchema, path)
  const home = homeOf(key)
  if (home !== undefined) return { at, what, hint: home === '' ? 'moving it to the top level' : `moving it to ${home}` }
  const meant = closest(key, known)
  return {
    at,
    what: meant === undefined ? what : `${what}; did you mean "${meant}"?`,
    ...(meant === undefined && known.length > 0 ? { hint: `one of ${known.join(', ')}` } : {}),
  }
}

/** A union fails as a whole; where one of its branches took the block and only faulted what is inside, that says more. */
const innermost = (issue: Issue): Issue[] => {
  if (issue.code !== 'invalid_union') return [issue]
  const inside = issue.errors.find((branch) => branch.length > 0 && branch.every(({ path }) => path.length > 0))
  if (!inside) return [issue]
  return inside.flatMap((inner) => innermost({ ...inner, path: [...issue.path, ...inner.path] }))
}

const describe = (root: Node, data: unknown, issue: Issue): Problem[] => {
  const path = issue.path as (string | number)[]
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(root, path, key))
  const node = nodeAt(root, path)
  if (node?.kind === 'scalar' && node.faulty) return []
  const last = path.at(-1)
  if (last !== undefined && holder(data, path)?.[last] === undefined) {
    const example = exampleAt(fileSchema, path)
    const hint = example === undefined ? `adding "${last}"` : `${last}: ${example}`
    return [{ at: locate(root, path, 'key'), what: `${formatPath(path)} is missing`, hint }]
  }
  if (!node) return [{ at: locate(root, path), what: issue.message }]
  const name = path.length > 0 ? formatPath(path) : 'the configuration'
  const hint = node.kind === 'scalar' ? hintFor(node, issue) : undefined
  const what = `${name} ${issue.message}${got(node, path)}`
  return [{ at: node.at, what, ...(hint === undefined ? {} : { hint }) }]
}

/** The checked file, or undefined after problems. */
export const validate = (root: Node, problems: Problem[]): ConfigFile | undefined => {
  const data = toData(root)
  let result = fileSchema.safeParse(data, { error: clause })
  // Twice, because a block that a key without value hid from sight may need mending itself.
  for (let round = 0; round < 2 && !result.success && mend(data, root, result.error.issues); round++) {
    result = fileSchema.safeParse(data, { error: clause })
  }
  if (result.success) return result.data
  problems.push(...result.error.issues.flatMap(innermost).flatMap((issue) => describe(root, data, issue)))
  return undefined
}
