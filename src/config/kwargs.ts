/** Reads a driver's options one by one; what nobody has read in the end is worth a warning. */
import { formatPath, type MappingNode, type Node, type Path, type ScalarNode } from './nodes.js'
import type { Findings } from './problems.js'
import { closest } from './suggest.js'

export interface Kwargs {
  /** The first of the names that has a value; all of them count as read. */
  node(...names: string[]): Node | undefined
  text(...names: string[]): string | undefined
  /** A number of at least `least`, from a number or its text. */
  number(least: number, ...names: string[]): number | undefined
  flag(...names: string[]): boolean | undefined
  /** Texts of a list, or of one value with commas. */
  list(...names: string[]): string[] | undefined
  block(...names: string[]): Kwargs | undefined
  /** Says that the options have no counterpart here; only those that are given are mentioned. */
  ignore(names: readonly string[]): void
  /** Counts everything as read: whose options they are is not known. */
  rest(): void
  /** Warns about what was not read. */
  finish(): void
  problem(node: Node, name: string, what: string, hint?: string): void
  warn(name: string, what: string): void
}

export const scalarText = (node: Node | undefined): string | undefined =>
  node?.kind === 'scalar' && node.value !== null ? node.text : undefined

const splitList = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

export const kwargs = (block: MappingNode | undefined, path: Path, findings: Findings): Kwargs => {
  const read = new Set<string>()
  const find = (names: readonly string[]): { name: string; node: Node } | undefined => {
    let found: { name: string; node: Node } | undefined
    for (const name of names) {
      read.add(name)
      const node = block?.entries.get(name)?.value
      if (node && !(node.kind === 'scalar' && node.value === null)) found ??= { name, node }
    }
    return found
  }
  const problem = (node: Node, name: string, what: string, hint?: string): void => {
    const full = `${formatPath([...path, name])} ${what}`
    findings.problems.push({ at: node.at, what: full, ...(hint === undefined ? {} : { hint }) })
  }
  const warn = (name: string, what: string): void => {
    const at = block?.entries.get(name)?.keyAt ?? block?.at
    if (at) findings.warnings.push({ at, what: `${formatPath([...path, name])} ${what}` })
  }
  const scalar = <T>(
    names: readonly string[],
    convert: (node: ScalarNode) => T | undefined,
    clause: string,
  ): T | undefined => {
    const found = find(names)
    if (!found) return undefined
    const value = found.node.kind === 'scalar' ? convert(found.node) : undefined
    if (value === undefined) problem(found.node, found.name, `must be ${clause}`)
    return value
  }

  return {
    problem,
    warn,
    node: (...names) => find(names)?.node,
    text: (...names) =>
      scalar(
        names,
        (node) => (typeof node.value === 'boolean' && node.from.length === 0 ? undefined : node.text),
        'text',
      ),
    number: (least, ...names) =>
      scalar(
        names,
        ({ value, text }) => {
          const number =
            typeof value === 'number'
              ? value
              : typeof value === 'string' && text.trim() !== ''
                ? Number(text)
                : Number.NaN
          return number >= least ? number : undefined
        },
        `a number of at least ${least}`,
      ),
    flag: (...names) => scalar(names, ({ value }) => (typeof value === 'boolean' ? value : undefined), 'true or false'),
    list: (...names) => {
      const found = find(names)
      if (!found) return undefined
      const items =
        found.node.kind === 'sequence' ? found.node.items.map(scalarText) : splitList(scalarText(found.node) ?? '')
      const texts = items.filter((item) => item !== undefined)
      if (texts.length === items.length && texts.length > 0) return texts
      problem(found.node, found.name, 'must be a list of texts')
      return undefined
    },
    block: (...names) => {
      const found = find(names)
      if (!found) return undefined
      if (found.node.kind === 'mapping') return kwargs(found.node, [...path, found.name], findings)
      problem(found.node, found.name, 'must be a block of keys')
      return undefined
    },
    ignore: (names) => {
      for (const name of names) if (find([name])) warn(name, 'has no counterpart here and is ignored')
    },
    rest: () => {
      for (const name of block?.entries.keys() ?? []) read.add(name)
    },
    finish: () => {
      for (const name of block?.entries.keys() ?? []) {
        if (read.has(name)) continue
        const meant = closest(name, read)
        warn(name, `is not known and is ignored${meant === undefined ? '' : `; did you mean "${meant}"?`}`)
      }
    },
  }
}
