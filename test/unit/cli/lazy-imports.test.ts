/** `--help` must answer at once. Drivers cost half a second each to load, so what the entry imports is kept small. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const entry = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url))

/** Packages that are loaded with the file, through static imports of values. */
const packagesOf = (file: string, seen = new Set<string>()): Set<string> => {
  const packages = new Set<string>()
  if (seen.has(file)) return packages
  seen.add(file)
  const text = readFileSync(file, 'utf8')
  for (const [, clause, specifier] of text.matchAll(
    /^(?:import|export)\s+(?!type\b)([^'"]*?from\s+)?['"]([^'"]+)['"]/gm,
  )) {
    if (specifier!.startsWith('.')) {
      const source = resolve(dirname(file), specifier!.replace(/\.js$/, '.ts'))
      const path = existsSync(source) ? source : `${source}x`
      for (const name of packagesOf(path, seen)) packages.add(name)
    } else if (!specifier!.startsWith('node:')) {
      packages.add(specifier!)
    }
    void clause
  }
  return packages
}

test('the command line loads nothing but commander before it knows the verb', () => {
  expect([...packagesOf(entry)]).toEqual(['commander'])
})

test('a service that nobody wants traces of does not load what makes them', () => {
  const run = fileURLToPath(new URL('../../../src/cli/run.ts', import.meta.url))
  const loaded = [...packagesOf(run)]
  expect(loaded).toContain('bullmq')
  expect(loaded.filter((name) => name.startsWith('@opentelemetry/'))).toEqual([])
})
