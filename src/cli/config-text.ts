/** A configuration as YAML with a comment on each line. */
import type { EffectiveValue } from '../config/effective.js'
import { readPlain } from '../config/pyyaml.js'
import { printable } from '../core/printable.js'

/** Blocks, lists by number, and at the ends the values. */
type Tree = Map<string | number, Tree | EffectiveValue>

interface Line {
  readonly text: string
  readonly comment?: string
}

/** Comments further right than this stand wherever their value ends. */
const furthest = 60

/** @param comment what to say about a value */
export const configYaml = (values: readonly EffectiveValue[], comment: (value: EffectiveValue) => string): string => {
  const lines = linesOf(treeOf(values), comment)
  const widths = lines.flatMap((line) => (line.comment === undefined ? [] : line.text.length))
  const width = Math.min(furthest, Math.max(0, ...widths))
  return lines
    .map(({ text, comment }) => (comment === undefined ? text : `${text.padEnd(width)}  # ${printable(comment)}`))
    .map((line) => `${line}\n`)
    .join('')
}

const treeOf = (values: readonly EffectiveValue[]): Tree => {
  const root: Tree = new Map()
  for (const value of values) {
    let block = root
    for (const step of value.path.slice(0, -1)) {
      const inner = block.get(step)
      const next: Tree = inner instanceof Map ? inner : new Map()
      block.set(step, next)
      block = next
    }
    block.set(value.path.at(-1) ?? '', value)
  }
  return root
}

const linesOf = (tree: Tree, comment: (value: EffectiveValue) => string): Line[] =>
  [...tree].flatMap(([step, inner]): Line[] => {
    if (typeof step === 'number') {
      const item =
        inner instanceof Map ? linesOf(inner, comment) : [{ text: yaml(inner.value), comment: comment(inner) }]
      return item.map((line, index) => ({ ...line, text: (index === 0 ? '- ' : '  ') + line.text }))
    }
    if (!(inner instanceof Map)) return [{ text: `${yaml(step)}: ${yaml(inner.value)}`, comment: comment(inner) }]
    const indented = linesOf(inner, comment).map((line) => ({ ...line, text: `  ${line.text}` }))
    return [{ text: `${yaml(step)}:` }, ...indented]
  })

/** On one line. Text stays plain where it then still means itself. */
const yaml = (value: unknown): string => {
  if (typeof value === 'string') return isPlain(value) ? value : printable(JSON.stringify(value))
  if (Array.isArray(value)) return `[${value.map(yaml).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const entries = Object.entries(value).map(([key, inner]) => `${yaml(key)}: ${yaml(inner)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

const isPlain = (text: string): boolean =>
  /^[\w./(][\w./:@%+=()-]*(?: [\w./:@%+=()-]+)*$/.test(text) &&
  !text.includes(': ') &&
  !text.endsWith(':') &&
  readPlain(text) === text
