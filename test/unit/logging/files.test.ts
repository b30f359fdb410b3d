import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { levels } from '../../../src/core/log-plan.js'
import { fileSink } from '../../../src/runtime/logging/file-sink.js'
import type { LogRecord } from '../../../src/runtime/logging/record.js'
import { rollingBySize, rollingByTime } from '../../../src/runtime/logging/rolling.js'

let folder = ''
let path = ''
/** A complaint that no test asks for fails it. */
const complain = (problem: string): void => {
  throw new Error(problem)
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caes-log-'))
  path = join(folder, 'logs', 'caes.log')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const at = (time: number): LogRecord => ({ time, level: levels.INFO, name: 'caes', message: '', fields: {} })
const names = (): string[] => readdirSync(join(folder, 'logs')).sort()
const text = (name = 'caes.log'): string => readFileSync(join(folder, 'logs', name), 'utf8')

test('lines are added to what is there, in a folder that is made', () => {
  const first = fileSink({ path }, complain)
  first.write('one', at(0))
  first.close()
  const second = fileSink({ path }, complain)
  second.write('two', at(0))
  second.close()
  expect(text()).toBe('one\ntwo\n')
  const third = fileSink({ path, truncate: true }, complain)
  third.write('three', at(0))
  third.close()
  expect(text()).toBe('three\n')
})

test('a file that was moved away is followed until it is opened anew', () => {
  const sink = fileSink({ path }, complain)
  sink.write('one', at(0))
  renameSync(path, `${path}.old`)
  sink.write('two', at(0))
  sink.reopen()
  sink.write('three', at(0))
  sink.close()
  expect([text('caes.log.old'), text()]).toEqual(['one\ntwo\n', 'three\n'])
})

test('a watched file is opened anew by itself, moved or removed', () => {
  const sink = fileSink({ path, watch: true }, complain)
  sink.write('one', at(0))
  renameSync(path, `${path}.old`)
  sink.write('two', at(0))
  rmSync(path)
  sink.write('three', at(0))
  sink.close()
  expect([text('caes.log.old'), text()]).toEqual(['one\n', 'three\n'])
})

test('a file that cannot be opened is a fault of the configuration', () => {
  writeFileSync(join(folder, 'file'), '')
  expect(() => fileSink({ path: join(folder, 'file', 'x.log') }, complain)).toThrow(
    expect.objectContaining({ code: 'CAES_CONFIG_INVALID' }) as Error,
  )
})

test('a log that cannot go on complains once, loses lines, and is there again afterwards', () => {
  const complaints: string[] = []
  const sink = fileSink({ path, watch: true }, (problem) => complaints.push(problem))
  rmSync(join(folder, 'logs'), { recursive: true })
  writeFileSync(join(folder, 'logs'), 'in the way')
  sink.write('one', at(0))
  sink.write('two', at(0))
  expect(complaints).toEqual([expect.stringContaining(`cannot write to ${path}`) as string])
  rmSync(join(folder, 'logs'))
  sink.write('three', at(0))
  expect(text()).toBe('three\n')
  sink.close()
})

describe('by size', () => {
  test('a full file gives way to a new one, and the oldest backup goes', () => {
    const sink = fileSink({ path, rolling: rollingBySize(12, 2) }, complain)
    for (const line of ['first', 'second', 'third', 'fourth']) sink.write(line, at(0))
    sink.close()
    expect(names()).toEqual(['caes.log', 'caes.log.1', 'caes.log.2'])
    expect([text(), text('caes.log.1'), text('caes.log.2')]).toEqual(['fourth\n', 'third\n', 'second\n'])
  })

  test('what an earlier process wrote counts', () => {
    const before = fileSink({ path }, complain)
    before.write('0123456789', at(0))
    before.close()
    const sink = fileSink({ path, rolling: rollingBySize(12, 1) }, complain)
    sink.write('new', at(0))
    sink.close()
    expect([text(), text('caes.log.1')]).toEqual(['new\n', '0123456789\n'])
  })

  test.each([
    [0, 3],
    [5, 0],
  ])('with %i bytes and %i backups nothing rolls, as in Python', (bytes, backups) => {
    const sink = fileSink({ path, rolling: rollingBySize(bytes, backups) }, complain)
    for (const line of ['first', 'second']) sink.write(line, at(0))
    sink.close()
    expect(names()).toEqual(['caes.log'])
  })
})

describe('by time', () => {
  const start = Date.UTC(2026, 0, 31, 22, 30)
  const hour = 3_600_000
  const sinkWith = (when: string, more: { interval?: number; backups?: number } = {}) =>
    fileSink(
      { path, rolling: rollingByTime(path, { when, interval: 1, backups: 0, utc: true, ...more }, start) },
      complain,
    )

  test('hours are counted from the start, and a backup is named by when its hour began', () => {
    const sink = sinkWith('H')
    for (const after of [0, hour - 1, hour, 2 * hour + 1]) sink.write(String(after), at(start + after))
    sink.close()
    expect(names()).toEqual(['caes.log', 'caes.log.2026-01-31_22', 'caes.log.2026-01-31_23'])
    expect(text('caes.log.2026-01-31_22')).toBe(`0\n${hour - 1}\n`)
  })

  test('days end at midnight', () => {
    const sink = sinkWith('MIDNIGHT')
    for (const after of [0, hour, 2 * hour, 30 * hour]) sink.write(String(after), at(start + after))
    sink.close()
    expect(names()).toEqual(['caes.log', 'caes.log.2026-01-31', 'caes.log.2026-02-01'])
    expect(text('caes.log.2026-02-01')).toBe(`${2 * hour}\n`)
  })

  test('weeks end with the named day', () => {
    // 31 January 2026 is a Saturday; W6 ends with Sunday.
    const sink = sinkWith('W6')
    for (const after of [0, 24 * hour, 26 * hour]) sink.write(String(after), at(start + after))
    sink.close()
    expect(names()).toEqual(['caes.log', 'caes.log.2026-01-26'])
  })

  test('only so many backups stay, and other files beside them', () => {
    const sink = sinkWith('H', { backups: 1 })
    writeFileSync(`${path}.notes`, '')
    for (const after of [0, hour, 2 * hour]) sink.write(String(after), at(start + after))
    sink.close()
    expect(names()).toEqual(['caes.log', 'caes.log.2026-01-31_23', 'caes.log.notes'])
  })

  test('the file of an earlier process counts from when it was last written to', () => {
    const before = fileSink({ path }, complain)
    before.write('yesterday', at(0))
    before.close()
    utimesSync(path, start / 1000 - 86_400, start / 1000 - 86_400)
    const sink = sinkWith('MIDNIGHT')
    sink.write('today', at(start))
    sink.close()
    expect(text()).toBe('today\n')
    expect(existsSync(`${path}.2026-01-30`)).toBe(true)
  })
})
