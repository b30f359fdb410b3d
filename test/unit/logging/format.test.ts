/** What Python made of the same formats, values and times. */
import { describe, expect, test } from 'vitest'
import { levels } from '../../../src/core/log-plan.js'
import { textFormatter } from '../../../src/runtime/logging/format.js'
import type { LogRecord } from '../../../src/runtime/logging/record.js'
import { localParts, strftime, utcParts } from '../../../src/runtime/logging/strftime.js'

const time = new Date(2026, 1, 3, 4, 5, 6, 7).getTime()
const record: LogRecord = {
  time,
  level: levels.INFO,
  name: 'caes.worker',
  message: 'window done',
  fields: { f: 3.25, n: -42, p: 123, pair: 'default' },
}
const line = (style: '%' | '{' | '$', format: string, dateFormat?: string): string =>
  textFormatter({ style, format, ...(dateFormat === undefined ? {} : { dateFormat }) })(record)

describe('a format with percent signs', () => {
  test.each([
    ['%(levelname)s', 'INFO'],
    ['%(levelname)-8s|', 'INFO    |'],
    ['%(levelname)8s|', '    INFO|'],
    ['%(levelname).2s|', 'IN|'],
    ['%(msecs)03d', '007'],
    ['%(msecs)d', '7'],
    ['%(n)06d', '-00042'],
    ['%(n)-6d|', '-42   |'],
    ['%(p)+d', '+123'],
    ['%(f).2f', '3.25'],
    ['%(f)08.3f', '0003.250'],
    ['%(f)e', '3.250000e+00'],
    ['%(p)x', '7b'],
    ['%(levelname)r', "'INFO'"],
    ['100%% %(name)s', '100% caes.worker'],
    ['%(levelno)d', '20'],
    ['%(pair)s %(absent)s', 'default -'],
    ['%(process)d', String(process.pid)],
    ['50% off', '50% off'],
  ])('%s is %s', (format, made) => {
    expect(line('%', format)).toBe(made)
  })

  test('asctime has milliseconds behind a comma, unless a datefmt says otherwise', () => {
    expect(line('%', '%(asctime)s')).toBe('2026-02-03 04:05:06,007')
    expect(line('%', '%(asctime)s', '%Y/%m/%d %H:%M:%S')).toBe('2026/02/03 04:05:06')
  })

  test("the original's own", () => {
    const format = '%(asctime)s %(levelname)s %(name)s %(message)s'
    expect(line('%', format, '%Y/%m/%d %H:%M:%S')).toBe(
      '2026/02/03 04:05:06 INFO caes.worker window done f=3.25 n=-42 p=123 pair=default',
    )
  })
})

test.each([
  ['{levelname}', 'INFO'],
  ['{levelname:<8}|', 'INFO    |'],
  ['{levelname:>8}|', '    INFO|'],
  ['{levelname:^9}|', '  INFO   |'],
  ['{levelname:*^9}|', '**INFO***|'],
  ['{levelname:.2}', 'IN'],
  ['{msecs:03}', '007'],
  ['{msecs:03d}', '007'],
  ['{n:06d}', '-00042'],
  ['{n:+d}', '-42'],
  ['{f:.2f}', '3.25'],
  ['{f:8.3f}|', '   3.250|'],
  ['{p:>6}|', '   123|'],
  ['{p:6}|', '   123|'],
  ['{p:x}', '7b'],
  ['{{x}}', '{x}'],
])('a format with braces: %s is %s', (format, made) => {
  expect(line('{', format)).toBe(made)
})

test.each([
  ['$levelname: ${name}', 'INFO: caes.worker'],
  ['$$5', '$5'],
])('a format with dollars: %s is %s', (format, made) => {
  expect(line('$', format)).toBe(made)
})

describe('a time', () => {
  test.each([
    ['%Y/%m/%d %H:%M:%S', '2026/02/03 04:05:06'],
    ['%y %b %B %a %A %p %I %j', '26 Feb February Tue Tuesday AM 04 034'],
    ['%U %W %w %u', '05 05 2 2'],
    ['%e|%D|%F|%T|%R', ' 3|02/03/26|2026-02-03|04:05:06|04:05'],
    ['%c', 'Tue Feb  3 04:05:06 2026'],
    ['%x %X', '02/03/26 04:05:06'],
    ['%h %n%% %C', 'Feb \n% 20'],
    ['%z %Z %s', '+0000 UTC 1770091506'],
    ['%Q', '%Q'],
  ])('by %s is %s', (pattern, written) => {
    expect(strftime(pattern, utcParts(Date.UTC(2026, 1, 3, 4, 5, 6)))).toBe(written)
  })

  test.each([
    [2023, 1, 1, '01 00 001 03 PM Sun'],
    [2024, 12, 31, '52 53 366 03 PM Tue'],
    [2026, 1, 4, '01 00 004 03 PM Sun'],
    [2026, 1, 5, '01 01 005 03 PM Mon'],
  ])('on %i-%i-%i knows its week and day of the year', (year, month, day, written) => {
    expect(strftime('%U %W %j %I %p %a', utcParts(Date.UTC(year, month - 1, day, 15)))).toBe(written)
  })

  test('is local unless it is asked for in UTC', () => {
    expect(strftime('%T', localParts(time))).toBe('04:05:06')
  })
})
