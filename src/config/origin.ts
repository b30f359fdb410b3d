/** Where a value was written. */

/** Lines and columns count from 1; a column counts UTF-16 units, as editors do. */
export type Origin =
  | { readonly kind: 'file'; readonly source: string; readonly line: number; readonly column: number }
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'set'; readonly argument: string }

export const formatOrigin = (origin: Origin): string => {
  if (origin.kind === 'set') return `--set ${origin.argument}`
  if (origin.kind === 'environment') return `environment variable ${origin.variable}`
  return `${origin.source}:${origin.line}:${origin.column}`
}

/** From what gives way to what wins. */
const precedence: readonly Origin['kind'][] = ['file', 'environment', 'set']

/** For sorting: as they stand in the file, then what was written over it. */
export const compareOrigins = (a: Origin, b: Origin): number => {
  if (a.kind === 'file' && b.kind === 'file') return a.line - b.line || a.column - b.column
  return precedence.indexOf(a.kind) - precedence.indexOf(b.kind)
}
