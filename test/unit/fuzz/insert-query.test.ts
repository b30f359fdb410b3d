import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileInsertQuery } from '../../../src/adapters/cassandra/insert-query.js'
import { CaesError } from '../../../src/core/errors.js'

const pieces = fc.oneof(
  fc.constantFrom('%(', ')s', '%(a)s', '%(b c)s', "'", '"', '$$', '--', '//', '/*', '*/', '\n', ';', '?', '%', '%%'),
  fc.constantFrom('INSERT INTO t (a) VALUES (', ')', ' ', ',', "'%(a)s'", "''", '%(__proto__)s', '%(a)d', '\u0000'),
  fc.string({ maxLength: 4 }),
)
const texts = fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join(''))

/** The statement as Cassandra's lexer sees it, without what stands in quotes: written anew, to be apart from the code. */
const outsideQuotes = (cql: string): string =>
  cql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\$[^]*?\$\$/g, (quoted) => ' '.repeat(quoted.length))

/** The number of parameters and of names; the refusal where there are none. */
const outcomeOf = (text: string): unknown => {
  try {
    const { cql, names } = compileInsertQuery(text)
    return { parameters: outsideQuotes(cql).split('?').length - 1, names: names.length }
  } catch (error) {
    return error
  }
}

const isRefusal = (outcome: unknown): boolean =>
  outcome instanceof CaesError &&
  outcome.code === 'CAES_CONFIG_INVALID' &&
  /line \d+, column \d+$/.test(outcome.where ?? '')

test('whatever is written, it compiles or is refused with its place, and each ? has one name', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const outcome = outcomeOf(text)
      const { parameters, names } = outcome as { readonly parameters?: number; readonly names?: number }
      expect(isRefusal(outcome) || (parameters !== undefined && parameters === names)).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

test('a placeholder is bound wherever it stands, and no name changes the statement', () => {
  const names = fc.string({ minLength: 1, maxLength: 20 }).filter((name) => !/[()]/.test(name))
  fc.assert(
    fc.property(names, fc.boolean(), (name, quoted) => {
      const written = quoted ? `'%(${name})s'` : `%(${name})s`
      // A quote in a quoted name would end it: that is a fault of the text, said with its place.
      fc.pre(!quoted || !name.includes("'"))
      expect(compileInsertQuery(`INSERT INTO t (a) VALUES (${written})`)).toEqual({
        cql: 'INSERT INTO t (a) VALUES (?)',
        names: [name],
      })
    }),
  )
})
