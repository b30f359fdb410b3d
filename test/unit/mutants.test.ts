/** The list of mutants has to fit the code, or it breaks nothing when it is run. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { mutants } from '../mutation/mutants.js'

test.each(Object.values(mutants).flat())('the code still has what is broken by: $breaks', ({ edits }) => {
  expect(edits.length).toBeGreaterThan(0)
  for (const { file, find, put } of edits) {
    const text = readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8')
    expect(text.split(find)).toHaveLength(2)
    expect(put).not.toBe(find)
  }
})

test('no two mutants have the same name', () => {
  const names = Object.values(mutants).flatMap((list) => list.map(({ breaks }) => breaks))
  expect(new Set(names).size).toBe(names.length)
})
