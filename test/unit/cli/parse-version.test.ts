import { expect, test } from 'vitest'
import { parseVersion } from '../../../src/cli/parse-version.js'
import { describeFailure } from '../../../src/cli/failure.js'
import { CaesError } from '../../../src/core/errors.js'

test('digits are a version as they are', () => {
  expect(parseVersion('0', '--from', 's')).toBe(0)
  expect(parseVersion('1427254212', '--from', 'us')).toBe(1427254212)
})

test('a time counts in the unit of the pair', () => {
  expect(parseVersion('2015-03-25T04:30:12Z', '--from', 's')).toBe(1427257812)
  expect(parseVersion('2015-03-25T05:30:12.5+01:00', '--from', 'ms')).toBe(1427257812500)
  expect(parseVersion('2015-03-25', '--to', 's')).toBe(1427241600)
})

test.each(['-1', '1.5', '1e3', '', 'now', '9007199254740992', '2015-03-25T04:30:12', '1960-01-01', '2015-99-99'])(
  '"%s" is refused with what to give instead',
  (text) => {
    expect(() => parseVersion(text, '--from', 's')).toThrow(CaesError)
  },
)

test('a failure shows code, place and hint, and never a stack trace', () => {
  const error = new CaesError('CAES_CASSANDRA_DOWN', 'Cassandra does not answer', {
    where: '127.0.0.1:9042',
    hint: 'start it',
  })
  const { text, exit } = describeFailure(error, false)
  expect(text).toBe(
    'caes-sync: Cassandra does not answer [CAES_CASSANDRA_DOWN]\n  where: 127.0.0.1:9042\n  try: start it',
  )
  expect(exit).toBe(69)
  expect(JSON.parse(describeFailure(error, true).text)).toEqual({
    error: {
      code: 'CAES_CASSANDRA_DOWN',
      message: 'Cassandra does not answer',
      where: '127.0.0.1:9042',
      hint: 'start it',
    },
  })
  expect(describeFailure(new TypeError('x is not a function'), false).text).not.toContain(' at ')
})
