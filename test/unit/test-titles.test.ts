import { expect, test } from 'vitest'
import { testTitles } from '../support/test-titles.js'

test('titles come with the blocks around them, whatever their table is and however they are quoted', () => {
  const text = [
    "test('alone', () => {})",
    "describe('outer', () => {",
    '  test.each([',
    "    ['a', () => 1],",
    "  ])('of a table, %s', () => {})",
    '  describe.each<string>(all)("inner\'s", () => {',
    '    it(`in ${many}`, () => {})',
    "    return it('it\\'s quoted', () => {})",
    '  })',
    '  it.each(all)(',
    "    'on a line of its own',",
    '    () => {},',
    '  )',
    '})',
    "test('after', () => {})",
  ].join('\n')
  expect(testTitles(text)).toEqual([
    { title: 'alone', within: [] },
    { title: 'of a table, %s', within: ['outer'] },
    { title: 'in ${many}', within: ['outer', "inner's"] },
    { title: "it's quoted", within: ['outer', "inner's"] },
    { title: 'on a line of its own', within: ['outer'] },
    { title: 'after', within: [] },
  ])
})

test('a title that only the run of a test knows is refused', () => {
  expect(() => testTitles('test(nameOf(that), () => {})')).toThrow('no title')
})
