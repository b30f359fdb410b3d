/** One value over the file's: `--set a.b=c`, whose value is read as YAML, and what the environment says. */
import { compose } from './compose.js'
import { child, type MappingNode, type Node } from './nodes.js'
import type { Origin } from './origin.js'
import type { Problem } from './problems.js'
import { sameWord } from './suggest.js'

/** A value for a key, from outside the file. */
export interface Assignment {
  /** The key, from the top level down. A list's entry is named by its number, or by the `name` that it has. */
  readonly steps: readonly string[]
  readonly value: Node
}

/** A place in a list is given by its number, or in `pairs` by the pair's name; variables cannot spell every name. */
const indexIn = (node: Node, step: string): number | undefined => {
  if (node.kind !== 'sequence') return undefined
  const named = (isIt: (name: string) => boolean): number =>
    node.items.findIndex((item) => {
      const name = child(item, 'name')
      return name?.kind === 'scalar' && isIt(name.text)
    })
  const exact = named((name) => name === step)
  const found = exact >= 0 ? exact : named((name) => sameWord(name, step))
  if (found >= 0) return found
  return /^\d+$/.test(step) && Number(step) < node.items.length ? Number(step) : undefined
}

const emptyBlock = (at: Origin): MappingNode => ({ kind: 'mapping', at, entries: new Map() })

/** Copies what it changes: a block that an alias names elsewhere keeps its value there. */
const replaceAt = (node: Node | undefined, steps: readonly string[], value: Node): Node | string => {
  const [step, ...rest] = steps
  if (step === undefined) return value
  if (step === '__proto__') return 'the key "__proto__" is not allowed'
  const block = node === undefined || (node.kind === 'scalar' && node.value === null) ? emptyBlock(value.at) : node
  if (block.kind === 'scalar') return `"${step}" cannot be set inside a single value`
  if (block.kind === 'sequence') {
    const index = indexIn(block, step)
    if (index === undefined) return `the list has no entry "${step}"`
    const item = replaceAt(block.items[index], rest, value)
    return typeof item === 'string' ? item : { ...block, items: block.items.with(index, item) }
  }
  const entry = block.entries.get(step)
  const changed = replaceAt(entry?.value, rest, value)
  if (typeof changed === 'string') return changed
  const keyAt = rest.length > 0 && entry ? entry.keyAt : value.at
  return { ...block, entries: new Map(block.entries).set(step, { keyAt, value: changed }) }
}

/** Applies the assignments in order; one that cannot be applied becomes a problem. */
export const applyAssignments = (root: Node, assignments: readonly Assignment[], problems: Problem[]): Node =>
  assignments.reduce((tree, { steps, value }) => {
    const changed = replaceAt(tree, steps, value)
    if (typeof changed !== 'string') return changed
    problems.push({ at: value.at, what: changed })
    return tree
  }, root)

/** What `--set` says; what has not its form becomes a problem. */
export const setAssignments = (given: readonly string[], problems: Problem[]): Assignment[] =>
  given.flatMap((argument) => {
    const split = argument.indexOf('=')
    const steps = argument.slice(0, Math.max(split, 0)).trim().split('.')
    const shown = split < 0 ? argument : `${argument.slice(0, split)}=…`
    const at: Origin = { kind: 'set', argument: shown }
    if (split < 0 || steps.some((step) => step === '')) {
      problems.push({ at, what: 'it has not the form key.key=value', hint: '--set sync.overlap=30s' })
      return []
    }
    const value = compose({ text: argument.slice(split + 1), name: '--set', at }, problems)
    return [{ steps, value: value ?? { kind: 'scalar', at, value: null, text: '', from: [] } }]
  })
