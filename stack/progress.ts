import { readFileSync } from 'node:fs'
import type { CaesError } from '../src/core/errors.js'

/** Progress goes to stderr, so that what a command prints on stdout can be read by a program. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`
}

export function lastLines(text: string, count: number): string[] {
  return text.trimEnd().split('\n').slice(-count)
}

/** Prints the end of a server's log, indented. A server that never wrote one has nothing to show. */
export function sayLogEnd(file: string, count = 15): void {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    say(`  (${file} cannot be read: ${error instanceof Error ? error.message : String(error)})`)
    return
  }
  for (const line of lastLines(text, count)) say(`  | ${line}`)
}

/** What went wrong, where, and what to try, in lines. */
export function describe({ code, message, where, hint }: CaesError): string[] {
  const what = `stack: ${code}: ${message}${where === undefined ? '' : ` (${where})`}`
  return hint === undefined ? [what] : [what, `  try: ${hint}`]
}
