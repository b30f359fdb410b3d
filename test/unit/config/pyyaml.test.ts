import { describe, expect, test } from 'vitest'
import { compose } from '../../../src/config/compose.js'
import { toData } from '../../../src/config/nodes.js'
import type { Problem } from '../../../src/config/problems.js'

const read = (text: string) => {
  const problems: Problem[] = []
  const root = compose({ text, name: 'caes.yaml' }, problems)
  return {
    data: root && toData(root),
    problems: problems.map(({ at, what }) => `${at.kind === 'file' ? `${at.line}:${at.column}` : ''} ${what}`),
  }
}

describe('YAML as PyYAML reads it', () => {
  // Each expectation was taken from PyYAML's safe_load.
  test.each<[string, unknown]>([
    ['yes', true],
    ['No', false],
    ['on', true],
    ['OFF', false],
    ['TRUE', true],
    ['tRUE', 'tRUE'],
    ['y', 'y'],
    ['N', 'N'],
    ['~', null],
    ['', null],
    ['010', 8],
    ['08', '08'],
    ['0o10', '0o10'],
    ['0x1F', 31],
    ['0b11', 3],
    ['1_000', 1000],
    ['+1', 1],
    ['1:30', 90],
    ['-1:30', -90],
    ['190:20:30', 685_230],
    ['190:20:30.5', 685_230.5],
    ['1:60', '1:60'],
    ['01:30', '01:30'],
    ['0:30', '0:30'],
    ['09:30', '09:30'],
    ['1e3', '1e3'],
    ['1.5e3', '1.5e3'],
    ['1.5e+3', 1500],
    ['1.', 1],
    ['.5', 0.5],
    ['-.5', '-.5'],
    ['+.5', '+.5'],
    ['-.inf', -Infinity],
    ['127.0.0.1:9200', '127.0.0.1:9200'],
    ['2s', '2s'],
    ['None', 'None'],
    ['"yes"', 'yes'],
    ["'60'", '60'],
    ['!!str 60', '60'],
    ['!!int "60"', 60],
    ['!!python/unicode "x"', 'x'],
    ['!!python/tuple [a, 1]', ['a', 1]],
    ['!!python/object:some.Policy {a: 1}', { a: 1 }],
    ['2001-01-01', new Date(Date.UTC(2001, 0, 1))],
  ])('%s is read as %j', (written, value) => {
    expect(read(`k: ${written}`)).toEqual({ data: { k: value }, problems: [] })
  })

  test('merge keys fill in what is not written out, and earlier sources win', () => {
    const text = 'a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  z: 3\n  <<: [*a, *b]\nd: {<<: *a, y: 4}\n'
    expect(read(text)).toEqual({
      data: { a: { x: 1, y: 1 }, b: { y: 2, z: 2 }, c: { z: 3, x: 1, y: 1 }, d: { x: 1, y: 4 } },
      problems: [],
    })
  })

  test('a quoted "<<" is a key like any other', () => {
    expect(read('"<<": 1').data).toEqual({ '<<': 1 })
  })

  test.each([
    ['a: 1\nb: 2\na: 3\n', '3:1 the key "a" is given twice in this block'],
    ['a:\n  x: 1\n  x: 2\n', '3:3 the key "x" is given twice in this block'],
    ['a: *nowhere\n', '1:4 there is no anchor &nowhere before this alias'],
    ['a: &a\n  b: *a\n', '2:6 the alias *a contains itself'],
    ['? [x]\n: 1\n', '1:3 a key must be plain text'],
    ['a: 1\n---\nb: 2\n', '3:1 a second YAML document begins here'],
    ['a: !!nonsense 1\n', '1:4 the tag !!nonsense is unknown or does not fit its value'],
    ['a: !!int x\n', '1:4 the tag !!int is unknown or does not fit its value'],
    ['a: !!set {x}\n', '1:4 the tag !!set is not supported here'],
    ['a: {<<: 5}\n', '1:5 "<<" can only merge a mapping or a list of mappings'],
  ])('%j is a problem with its place', (text, problem) => {
    expect(read(text).problems).toEqual([problem])
  })

  test('no key reaches a prototype', () => {
    const { data, problems } = read('__proto__: {polluted: 1}\na: {__proto__: {polluted: 2}, constructor: 3}\n')
    expect(problems).toEqual(['1:1 the key "__proto__" is not allowed', '2:5 the key "__proto__" is not allowed'])
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype)
    expect(data).not.toHaveProperty('polluted')
    expect({}).not.toHaveProperty('polluted')
    expect((data as { a: object }).a).not.toHaveProperty('polluted')
  })

  test('a file of nested aliases does not grow without bound', () => {
    const levels = Array.from(
      { length: 40 },
      (_, level) => `l${level + 1}: &l${level + 1} {a: *l${level}, b: *l${level}}`,
    )
    const { data } = read(`l0: &l0 {x: 1}\n${levels.join('\n')}\n`)
    const { l40 } = data as Record<string, Record<string, unknown>>
    expect(l40?.['a']).toBe(l40?.['b'])
  })
})
