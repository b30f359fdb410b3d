import { CaesError, exitCode } from '../core/errors.js'
import { printable } from '../core/printable.js'
import { jsonLine } from './json-line.js'

/** What a user sees of an error: code, what, where, what to try. Never a stack trace. */
export const describeFailure = (error: unknown, json: boolean): { readonly text: string; readonly exit: number } => {
  const known = error instanceof CaesError ? error : undefined
  const code = known?.code ?? 'CAES_INTERNAL'
  const message = error instanceof Error ? error.message : String(error)
  const hint =
    known === undefined
      ? 'This is a bug in caes-sync. Run again with CAES_DEBUG=1 and report what it prints.'
      : known.hint
  const where = known?.where
  const exit = known?.exitCode ?? exitCode.failed
  if (json) return { text: jsonLine({ error: { code, message, where, hint } }), exit }
  const lines = [`caes-sync: ${message} [${code}]`]
  if (where !== undefined && !message.includes(where)) lines.push(`  where: ${where}`)
  if (hint !== undefined) lines.push(`  try: ${hint}`)
  // Servers quote what applications wrote, and a terminal would obey it. Lines are ours: a bad configuration has one a fault.
  return {
    text: lines
      .flatMap((line) => line.split('\n'))
      .map(printable)
      .join('\n'),
    exit,
  }
}
