import { describe, expect, test } from 'vitest'
import { completionScript, shells } from '../../../src/cli/completion.js'
import { allVerbs, completionSpec } from '../../../src/cli/completion-spec.js'
import { createProgram } from '../../../src/cli/program.js'

const spec = completionSpec(createProgram())

test('the description of the program knows verbs below verbs, and what options take', () => {
  const paths = allVerbs(spec).map(({ path }) => path.join(' '))
  for (const path of ['', 'run', 'config show', 'rejects retry']) expect(paths).toContain(path)
  const run = spec.verbs.find(({ path }) => path[0] === 'run')!
  const valueOf = (name: string) => run.options.find(({ names }) => names.includes(name))?.value
  expect(valueOf('--role')).toEqual(['all', 'scheduler', 'worker', 'dashboard'])
  expect(valueOf('--config')).toBe('file')
  expect(valueOf('--listen')).toBe('any')
  expect(valueOf('--json')).toBe('none')
})

describe.each(shells)('the script for %s', (shell) => {
  const script = completionScript(shell, createProgram())

  test('knows every verb and every option', () => {
    for (const { path, options } of allVerbs(spec).filter((verb) => verb.path.length > 0)) {
      expect(script).toContain(path.at(-1))
      for (const name of options.flatMap(({ names }) => names)) {
        expect(script).toContain(shell === 'fish' ? name.replace(/^--/, '-l ').replace(/^-(?=\w$)/, '-s ') : name)
      }
    }
  })

  test('leaves no quote open, whatever a description holds', () => {
    const tricky = createProgram()
    tricky.command('tricky').description(`it's "a" [b]: $c \`d\` \\`)
    const text = completionScript(shell, tricky)
    const bare =
      shell === 'fish'
        ? text.replaceAll(/'(?:[^'\\]|\\.)*'/gs, '')
        : text.replaceAll(/'[^']*'/gs, '').replaceAll(String.raw`\'`, '')
    expect(bare.replaceAll(/^\s*#.*$/gm, '')).not.toContain("'")
  })
})
