/** SPEC.md names tests as what enforces its rules. This keeps the names true. */
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../../', import.meta.url)
const spec = readFileSync(new URL('SPEC.md', root), 'utf8')
const named = [...spec.matchAll(/^\| .+ \| `([^`]+)` › (.+) \|$/gm)].map(([, file, title]) => [file!, title!] as const)

test('there are tests to check', () => {
  expect(named.length).toBeGreaterThan(30)
})

test.each(named)('%s has the test "%s"', (file, title) => {
  const url = new URL(file.replace(/\/\*$/, '/'), root)
  expect(existsSync(url)).toBe(true)
  // A star stands for the whole file or folder.
  if (title === '*') return
  const text = readFileSync(url, 'utf8').replaceAll("\\'", "'")
  expect(text).toContain(title)
})

test('every rule of convergence has something that enforces it', () => {
  const rules = spec.slice(spec.indexOf('## Convergence')).split(/^\*\*/m).slice(1)
  for (const rule of rules.filter((each) => !/^[A-C]\./.test(each))) expect(rule).toContain('| enforced by | |')
  expect(rules.filter((each) => /^\d+\./.test(each))).toHaveLength(12)
})
