import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CaesError, errorCodes, type ErrorCode } from '../../src/core/errors.js'
import { meaningOf } from '../../src/core/failed-attempt.js'

type Expected = 'elasticsearch waits' | 'cassandra waits' | 'passes' | 'counts' | 'hopeless'

/** Every code there is; docs/failures.md says the same in words. */
const table: Record<ErrorCode, Expected> = {
  CAES_ELASTICSEARCH_DOWN: 'elasticsearch waits',
  CAES_ELASTICSEARCH_OVERLOADED: 'elasticsearch waits',
  CAES_CASSANDRA_DOWN: 'cassandra waits',
  CAES_CASSANDRA_TIMEOUT: 'cassandra waits',
  CAES_ELASTICSEARCH_INCOMPLETE: 'passes',
  CAES_ELASTICSEARCH_BLOCKED: 'passes',
  CAES_WINDOW_TOO_SLOW: 'passes',
  CAES_CHECKPOINT: 'passes',
  CAES_REDIS_DOWN: 'passes',
  CAES_CERTIFICATE_REFUSED: 'counts',
  CAES_INTERNAL: 'counts',
  CAES_ELASTICSEARCH_REFUSED: 'counts',
  CAES_CASSANDRA_REFUSED: 'counts',
  CAES_ELASTICSEARCH_DENIED: 'counts',
  CAES_CASSANDRA_DENIED: 'counts',
  CAES_REDIS_DENIED: 'counts',
  CAES_CANCELLED: 'counts',
  CAES_STUCK: 'counts',
  CAES_USAGE: 'counts',
  CAES_RETRY_WAITS: 'counts',
  CAES_RUN_UNDER_WAY: 'counts',
  CAES_PARTS_FAILED: 'counts',
  CAES_ALREADY_RUNNING: 'counts',
  CAES_NOT_STARTED: 'counts',
  CAES_NOT_RUNNING: 'counts',
  CAES_PORT_TAKEN: 'counts',
  CAES_STACK: 'counts',
  CAES_CONFIG_NOT_FOUND: 'hopeless',
  CAES_CONFIG_SYNTAX: 'hopeless',
  CAES_CONFIG_INVALID: 'hopeless',
  CAES_SCHEMA_MISMATCH: 'hopeless',
}

const shown = (error: unknown): Expected => {
  const meaning = meaningOf(error)
  return meaning.kind === 'store' ? `${meaning.side} waits` : meaning.kind
}

describe('what a failed attempt means', () => {
  it.each(Object.keys(errorCodes) as ErrorCode[])('%s', (code) => {
    expect(shown(new CaesError(code, 'it failed'))).toBe(table[code])
  })

  it('counts against the window where nobody knows better', () => {
    expect(shown(new TypeError('x is undefined'))).toBe('counts')
    expect(shown('text')).toBe('counts')
  })
})

describe('docs/failures.md', () => {
  const page = readFileSync(new URL('../../docs/failures.md', import.meta.url), 'utf8')
  const rowOf = (text: string): string[] => {
    const line = page.split('\n').find((each) => each.startsWith('|') && each.includes(text)) ?? ''
    return [...line.matchAll(/`(CAES_[A-Z_]+)`/g)].map(([, code]) => code!).sort()
  }
  const codesThat = (...expected: readonly Expected[]): string[] =>
    Object.keys(table)
      .filter((code) => expected.includes(table[code as ErrorCode]))
      .sort()

  it('names all codes that cost no attempt, and what they mean', () => {
    expect(rowOf('| the store as a whole')).toEqual(codesThat('elasticsearch waits', 'cassandra waits'))
    expect(rowOf('| passes by itself')).toEqual(codesThat('passes'))
  })

  it('calls no other code hopeless than those that are', () => {
    const named = rowOf('| stays failed at once |')
    expect(named.length).toBeGreaterThan(0)
    expect(codesThat('hopeless')).toEqual(expect.arrayContaining(named))
  })
})
