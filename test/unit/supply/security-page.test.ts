/** SECURITY.md names a test for every defence. This keeps the names true. */
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../../../', import.meta.url)
const page = readFileSync(new URL('SECURITY.md', root), 'utf8')
const named = [...page.matchAll(/^\| .+ \| `([^`]+)` › (.+) \|$/gm)].map(([, file, title]) => [file!, title!] as const)

test('every defence names a test', () => {
  const section = page.slice(page.indexOf('## What is defended'), page.indexOf('## What is not defended'))
  const rows = section.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| defence'))
  expect(rows.length).toBeGreaterThan(10)
  expect(named).toHaveLength(rows.length)
})

test.each(named)('%s has the test "%s"', (file, title) => {
  const url = new URL(file, root)
  expect(existsSync(url)).toBe(true)
  expect(readFileSync(url, 'utf8')).toContain(title)
})
