/** `.ci/run` ends with one line that adds its runs up, and fails when any of them does. npm is played by a script. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const script = resolve(import.meta.dirname, '../../../.ci/run')

/** What a run of tests leaves behind: its line, if it came that far, and its exit code. */
interface Run {
  readonly line: string
  readonly code: number
}

const ciRun = (newest: Run, older: Run, lint = 0) => {
  const folder = mkdtempSync(join(tmpdir(), 'caes-ci-'))
  try {
    const npm = join(folder, 'npm')
    const say = ({ line, code }: Run): string =>
      `${line === '' ? ':' : `echo '${line}' | tee -a "$CAES_TEST_SUMMARY"`}; exit ${code}`
    writeFileSync(
      npm,
      [
        '#!/usr/bin/env bash',
        'case "$3" in',
        `test) ${say(newest)} ;;`,
        `test:8.19) ${say(older)} ;;`,
        `lint) exit ${lint} ;;`,
        'esac',
      ].join('\n'),
    )
    chmodSync(npm, 0o755)
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` }
    const { status, stdout } = spawnSync(script, [], { env, encoding: 'utf8' })
    return { code: status, last: stdout.trimEnd().split('\n').at(-1) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('two green runs are added up', () => {
  const outcome = ciRun({ line: '300 passed, 0 failed', code: 0 }, { line: '40 passed, 0 failed', code: 0 })
  expect(outcome).toEqual({ code: 0, last: '340 passed, 0 failed' })
})

test.each([
  ['the newer server', { line: '299 passed, 1 failed', code: 1 }, { line: '40 passed, 0 failed', code: 0 }],
  ['the older one', { line: '300 passed, 0 failed', code: 0 }, { line: '39 passed, 1 failed', code: 1 }],
])('a failure on %s is one of the whole', (_, newest, older) => {
  expect(ciRun(newest, older)).toEqual({ code: 1, last: '339 passed, 1 failed' })
})

test('a run that ended before it could say anything is a failure, and the other one still counts', () => {
  const silent = { line: '', code: 1 }
  const green = { line: '40 passed, 0 failed', code: 0 }
  expect(ciRun(silent, green)).toEqual({ code: 1, last: '40 passed, 1 failed' })
  expect(ciRun(green, { line: '', code: 0 })).toEqual({ code: 1, last: '40 passed, 1 failed' })
})

test('a failure that no exit code tells is one all the same', () => {
  const outcome = ciRun({ line: '1 passed, 2 failed', code: 0 }, { line: '1 passed, 0 failed', code: 0 })
  expect(outcome).toEqual({ code: 1, last: '2 passed, 2 failed' })
})

test('what does not lint is not tested', () => {
  const green = { line: '1 passed, 0 failed', code: 0 }
  expect(ciRun(green, green, 3)).toMatchObject({ code: 3, last: '' })
})
