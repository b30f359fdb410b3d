/** Where a value was written. */

/** Lines and columns count from 1; a column counts UTF-16 units, as editors do. */
export type Origin =
  | { readonly kind: 'file'; readonly source: string; readonly line: number; readonly column: number }
  | { readonly kind: 'set'; readonly argument: string }

export const formatOrigin = (origin: Origin): string =>
  origin.kind === 'file' ? `${origin.source}:${origin.line}:${origin.column}` : `--set ${origin.argument}`
