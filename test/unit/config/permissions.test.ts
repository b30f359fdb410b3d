import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.js'
import { otherReaders } from '../../../src/config/permissions.js'
import { minimal } from './support.js'

test.each([
  [0o600, true, undefined],
  [0o400, false, undefined],
  [0o640, false, undefined],
  [0o640, true, 'its group'],
  [0o644, true, 'every user of this machine'],
  [0o604, false, 'every user of this machine'],
])('mode %o, own: %s', (mode, isOwn, readers) => {
  expect(otherReaders(0o100_000 | mode, isOwn)).toBe(readers)
})

describe('a configuration that others can read', () => {
  const warningsOf = async (text: string, mode: number, more: Record<string, string> = {}, env = {}) => {
    const folder = mkdtempSync(join(tmpdir(), 'caes-permissions-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    for (const [name, content] of Object.entries({ 'caes-sync.yaml': text, ...more })) {
      writeFileSync(join(folder, name), content)
      chmodSync(join(folder, name), mode)
    }
    return (await loadConfig({ path: 'caes-sync.yaml', env, cwd: folder, home: folder })).warnings
  }

  test('is worth a warning where a secret stands in it, which it does not repeat', async () => {
    const warnings = await warningsOf(minimal('redis: {password: hunter2-secret}'), 0o644)
    expect(warnings).toEqual([expect.stringContaining('every user of this machine can read the secrets in it')])
    expect(warnings.join()).not.toContain('hunter2')
  })

  test('is none where it is its owner’s alone, or names where the secret is, or has none', async () => {
    expect(await warningsOf(minimal('redis: {password: hunter2-secret}'), 0o600)).toEqual([])
    expect(await warningsOf(minimal('redis: {password: {file: pw}}'), 0o644, { pw: 'hunter2-secret' })).toEqual([])
    expect(await warningsOf(minimal('redis: {password: "${PW}"}'), 0o644, {}, { PW: 'hunter2-secret' })).toEqual([])
    expect(await warningsOf(minimal(), 0o644)).toEqual([])
  })
})
