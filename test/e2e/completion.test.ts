/** The scripts, run by the shells they are for. zsh and fish where they are installed; bash everywhere. */
import { execFileSync, spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { caesSync, configFile } from '../support/cli.js'

const isInstalled = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).error === undefined

/** What is typed up to the cursor, and some of what has to be offered. */
const typed: readonly (readonly [words: readonly string[], offered: readonly string[]])[] = [
  [['rej'], ['rejects']],
  [
    ['rejects', ''],
    ['drop', 'retry'],
  ],
  [
    ['run', '--role', ''],
    ['all', 'dashboard', 'scheduler', 'worker'],
  ],
  [['run', '--role', 'w'], ['worker']],
  [
    ['-c', 'file', 'config', ''],
    ['schema', 'show'],
  ],
  [
    ['completion', ''],
    ['bash', 'fish', 'zsh'],
  ],
  [['sync', '--set', 'a=b', '--fr'], ['--from']],
  [['validate', '--off'], ['--offline']],
]

const complete: Record<string, (script: string, words: readonly string[]) => string[]> = {
  bash: (script, words) => {
    const run = `${script}\nCOMP_WORDS=(caes-sync "$@"); COMP_CWORD=$#; _caes_sync; printf '%s\\n' "\${COMPREPLY[@]}"`
    return lines(execFileSync('bash', ['-c', run, 'bash', ...words], { encoding: 'utf8' }))
  },
  fish: (script, words) => {
    const run = `${script}\ncomplete -C 'caes-sync ${words.join(' ')}'`
    return lines(execFileSync('fish', ['-c', run], { encoding: 'utf8' })).map((line) => line.split('\t')[0]!)
  },
}

const lines = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .sort()

for (const shell of ['bash', 'fish'].filter(isInstalled)) {
  test(`${shell} offers verbs, options and values where they belong`, async () => {
    const { stdout: script } = await caesSync(['completion', shell])
    for (const [words, offered] of typed) {
      expect([words, complete[shell]!(script, words)]).toEqual([words, offered])
    }
  })
}

for (const shell of ['bash', 'zsh', 'fish'].filter(isInstalled)) {
  test(`${shell} finds no fault with the script`, async () => {
    const { stdout, code } = await caesSync(['completion', shell])
    expect(code).toBe(0)
    const file = configFile(stdout)
    try {
      expect(spawnSync(shell, ['-n', file.path], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
    } finally {
      file.remove()
    }
  })
}

test('a shell that is not known is a usage error', async () => {
  const { code, stderr } = await caesSync(['completion', 'powershell'])
  expect(code).toBe(2)
  expect(stderr).toContain('bash, zsh, fish')
})
