/**
 * The configuration as it was written: every value keeps its origin and its own text, so that a message can point at
 * it, and so that a value such as `007` is still at hand as text where text is wanted.
 */
import type { Origin } from './origin.js'

export type Scalar = string | number | boolean | null | Date | Uint8Array

export interface ScalarNode {
  readonly kind: 'scalar'
  readonly at: Origin
  readonly value: Scalar
  /** What stands in the file after unquoting and interpolation. */
  readonly text: string
  /** Environment variables that the text was made from; such a text is never repeated in messages. */
  readonly from: readonly string[]
  /** A problem has been reported for it already; the value is null. */
  readonly faulty?: true
}

export const faulty = (at: Origin): ScalarNode => ({
  kind: 'scalar',
  at,
  value: null,
  text: '',
  from: [],
  faulty: true,
})

export interface SequenceNode {
  readonly kind: 'sequence'
  readonly at: Origin
  readonly items: Node[]
}

export interface Entry {
  readonly keyAt: Origin
  value: Node
}

export interface MappingNode {
  readonly kind: 'mapping'
  readonly at: Origin
  /** A Map, so that no key can reach a prototype. */
  readonly entries: Map<string, Entry>
}

export type Node = ScalarNode | SequenceNode | MappingNode

/** Keys and indices from the root. */
export type Path = readonly (string | number)[]

export const child = (node: Node, step: string | number): Node | undefined => {
  if (node.kind === 'mapping') return node.entries.get(String(step))?.value
  return node.kind === 'sequence' ? node.items[Number(step)] : undefined
}

export const nodeAt = (root: Node, path: Path): Node | undefined => {
  let node: Node | undefined = root
  for (const step of path) node = node && child(node, step)
  return node
}

/** `pairs[0].CassandraConfig.ttl` */
export const formatPath = (path: Path): string =>
  path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('')

/** Plain data. What an alias names twice is built once, so a file full of aliases cannot grow without bound. */
export const toData = (node: Node, built = new Map<Node, unknown>()): unknown => {
  if (node.kind === 'scalar') return node.value
  const known = built.get(node)
  if (known !== undefined) return known
  if (node.kind === 'sequence') {
    const items: unknown[] = []
    built.set(node, items)
    for (const item of node.items) items.push(toData(item, built))
    return items
  }
  const record: Record<string, unknown> = {}
  built.set(node, record)
  for (const [key, { value }] of node.entries) record[key] = toData(value, built)
  return record
}
