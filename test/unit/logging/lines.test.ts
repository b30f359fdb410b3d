/** What a line holds: nothing that a terminal obeys, everything that was said. */
import { describe, expect, test } from 'vitest'
import { CaesError } from '../../../src/core/errors.js'
import { levels } from '../../../src/core/log-plan.js'
import { jsonLine } from '../../../src/runtime/logging/json.js'
import { readableLine } from '../../../src/runtime/logging/readable.js'
import type { LogRecord } from '../../../src/runtime/logging/record.js'
import { messageText } from '../../../src/runtime/logging/text.js'

const record = (fields: object, message = 'done', level: number = levels.INFO): LogRecord => ({
  time: Date.UTC(2026, 0, 31, 10),
  level,
  name: 'caes.worker',
  message,
  fields: fields as LogRecord['fields'],
})

const controls = '\u001B[31m\u0007\r\n\u009B2J\u202Eevil\u2028\u0000'

test.each([
  ['JSON', jsonLine],
  ['readable', readableLine(false)],
  ['text', messageText],
])('in a line of %s no value can end it, colour it or turn it round', (_, line) => {
  const made = line(record({ id: controls, [controls]: 1, inner: { deep: [controls] } }, `set aside ${controls}`))
  expect(made).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  expect(made).toContain('evil')
})

test('fields stand behind the message, quoted where they have to be', () => {
  const fields = {
    pair: 'default',
    empty: '',
    words: 'a b',
    n: 1,
    none: undefined,
    list: [1, { a: 'b' }],
    nothing: null,
  }
  expect(messageText(record(fields))).toBe('done pair=default empty="" words="a b" n=1 list=[1,{"a":"b"}] nothing=null')
})

test('an error that is known says what it says; a bug shows where it is', () => {
  const known = new CaesError('CAES_REDIS_DOWN', 'Redis is away', { hint: 'start it' })
  expect(messageText(record({ err: known }))).toBe('done err="CAES_REDIS_DOWN: Redis is away; start it"')
  const [first, second] = messageText(record({ err: new TypeError('x is no function') })).split('\n')
  expect(first).toBe('done err="CAES_INTERNAL: x is no function"')
  expect(second).toMatch(/^ +at .*lines\.test\.ts/)
  expect(JSON.parse(jsonLine(record({ err: known })))).toMatchObject({
    err: { code: 'CAES_REDIS_DOWN', message: 'Redis is away' },
  })
  expect(jsonLine(record({ err: known }))).not.toContain('stack')
  expect(jsonLine(record({ err: new TypeError('x') }))).toContain('lines.test.ts')
})

describe('JSON', () => {
  test('has time, level, logger and message first, then the fields', () => {
    expect(jsonLine(record({ pair: 'default' }, 'done', levels.WARNING))).toBe(
      '{"time":"2026-01-31T10:00:00.000Z","level":"warning","logger":"caes.worker","msg":"done","pair":"default"}',
    )
  })

  test('can be read back whatever the fields hold', () => {
    const loop: Record<string, unknown> = { a: 1 }
    loop['self'] = loop
    const twice = { b: 2 }
    const read = JSON.parse(
      jsonLine(record({ big: 2n ** 70n, loop, one: twice, two: twice, time: 'mine', controls })),
    ) as object
    expect(read).toMatchObject({
      big: '1180591620717411303424',
      loop: { a: 1, self: '[circular]' },
      one: { b: 2 },
      two: { b: 2 },
      time: '2026-01-31T10:00:00.000Z',
      time_: 'mine',
      controls,
    })
  })
})

test('colours are in the level alone, and only where they are wanted', () => {
  expect(readableLine(true)(record({}, 'x', levels.ERROR))).toContain('\u001B[31mERROR\u001B[39m x')
  expect(readableLine(false)(record({}, 'x', levels.ERROR))).toMatch(/^\d\d:\d\d:\d\d ERROR x$/)
  expect(readableLine(false)(record({}, 'x', levels.CRITICAL))).toContain('ERROR x')
  expect(readableLine(false)(record({}, 'x', 5))).toContain('DEBUG x')
})
