/**
 * The original's `insertQuery`: statements with placeholders of Python's % formatting. The original pasted values into
 * the text; here each placeholder becomes a bound parameter, so quotes around one mean nothing.
 */
import { CaesError } from '../../core/errors.js'

export interface CompiledInsertQuery {
  /** The statements, separated by semicolons, with `?` for each placeholder. Empty where there are none. */
  readonly cql: string
  /** The name behind each `?`, in order. */
  readonly names: readonly string[]
}

/** What stands between these is one token, in which the closing text may be written twice to mean itself. */
const quotes: readonly { readonly open: string; readonly close: string; readonly doubled: boolean }[] = [
  { open: "'", close: "'", doubled: true },
  { open: '"', close: '"', doubled: true },
  { open: '$$', close: '$$', doubled: false },
]

const comments: readonly { readonly open: string; readonly close: string }[] = [
  { open: '--', close: '\n' },
  { open: '//', close: '\n' },
  { open: '/*', close: '*/' },
]

const placeholder = /^%\(([^()]+)\)s/

/** @throws CaesError CAES_CONFIG_INVALID, with the place in the text */
export const compileInsertQuery = (text: string): CompiledInsertQuery => {
  const names: string[] = []
  const statements: string[] = []
  let statement = ''
  const finish = (): void => {
    if (statement.trim() !== '') statements.push(statement.trim())
    statement = ''
  }
  for (let at = 0; at < text.length;) {
    const comment = comments.find(({ open }) => text.startsWith(open, at))
    const quote = quotes.find(({ open }) => text.startsWith(open, at))
    if (comment !== undefined) {
      at += lengthOfComment(text, at, comment)
      statement += ' '
    } else if (quote !== undefined) {
      const token = text.slice(at, endOfQuote(text, at, quote))
      statement += boundOrLiteral(text, at, token, token.slice(quote.open.length, -quote.close.length), names)
      at += token.length
    } else if (text.startsWith('%', at)) {
      const [token, compiled] = percent(text, at, names)
      statement += compiled
      at += token.length
    } else if (text.startsWith(';', at)) {
      finish()
      at += 1
    } else if (text.startsWith('?', at)) {
      throw fault(text, at, 'has a parameter written as ?', 'Write each parameter as %(name)s.')
    } else {
      statement += text[at]
      at += 1
    }
  }
  finish()
  return { cql: statements.join(';\n'), names }
}

const lengthOfComment = (text: string, at: number, { open, close }: { open: string; close: string }): number => {
  const end = text.indexOf(close, at + open.length)
  if (end >= 0) return end + close.length - at
  if (close === '\n') return text.length - at
  throw fault(text, at, 'has a comment without an end', 'Close it with */.')
}

/** Where the quoted token that starts at `at` ends. */
const endOfQuote = (text: string, at: number, { open, close, doubled }: (typeof quotes)[number]): number => {
  let end = text.indexOf(close, at + open.length)
  if (doubled) while (end >= 0 && text.startsWith(close, end + 1)) end = text.indexOf(close, end + 2)
  if (end < 0) throw fault(text, at, `has a ${open} without an end`, `Close it with ${close}.`)
  return end + close.length
}

/** A quoted placeholder is the placeholder; anything else quoted stays, with %% for % as everywhere. */
const boundOrLiteral = (text: string, at: number, token: string, inside: string, names: string[]): string => {
  const whole = placeholder.exec(inside)
  if (whole?.[1] !== undefined && whole[0].length === inside.length) {
    names.push(whole[1])
    return '?'
  }
  if (inside.replaceAll('%%', '').includes('%(')) {
    const hint = 'A placeholder stands for a whole value: write %(name)s on its own.'
    throw fault(text, at, 'has a placeholder within a longer text', hint)
  }
  return token.replaceAll('%%', '%')
}

const percent = (text: string, at: number, names: string[]): readonly [token: string, compiled: string] => {
  if (text.startsWith('%%', at)) return ['%%', '%']
  const found = placeholder.exec(text.slice(at))
  if (found?.[1] !== undefined) {
    names.push(found[1])
    return [found[0], '?']
  }
  if (text.startsWith('%(', at)) {
    throw fault(text, at, 'has a placeholder of another form', 'Write it as %(name)s, always with an s.')
  }
  return ['%', '%']
}

const fault = (text: string, at: number, what: string, hint: string): CaesError => {
  const before = text.slice(0, at).split('\n')
  const where = `CassandraConfig.insertQuery, line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
  return new CaesError('CAES_CONFIG_INVALID', `insertQuery ${what}`, { where, hint })
}
