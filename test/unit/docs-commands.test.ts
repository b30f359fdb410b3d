/** Commands that the documentation tells people to run exist, with every verb and option that it names. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { commandFault } from '../support/command-line.js'
import { allPages } from '../support/pages.js'

const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>
}

/** Inline code, and the lines of blocks that are for a shell. */
const codeOf = (text: string): string[] => {
  const blocks = [...text.matchAll(/^ *```(\w*)\n([\s\S]*?)^ *```/gm)]
  const lines = blocks
    .filter(([, language]) => language === '' || language === 'shell' || language === 'sh')
    .flatMap(([, , block]) => block!.replaceAll('\\\n', ' ').split('\n'))
  const inline = [...text.replaceAll(/^ *```[\s\S]*?^ *```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!)
  return [...lines.map((line) => line.replace(/ +#.*$/, '')), ...inline]
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** Words of a command; brackets around what may be left out are not part of it, nor is what a shell does with the rest. */
const wordsOf = (line: string): string[] =>
  line
    .replace(/ (?:[|&>;]|&&|2>).*$/, '')
    .replaceAll(/[[\]]/g, '')
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '…')

const pages = allPages().map(({ name, text }) => ({ name, code: codeOf(text) }))

describe.each(pages)('$name', ({ code }) => {
  it('names no command that is not there', () => {
    const faults = code.flatMap((line) => {
      const caesSync = /^(?:\$ )?(?:npx )?caes-sync (.+)$/.exec(line)?.[1]
      // `caes-sync VERB` stands for any of them.
      if (caesSync?.startsWith('VERB') === true) return []
      if (caesSync !== undefined) return commandFault(wordsOf(caesSync)) ?? []
      const script = /^(?:\$ )?npm run (?:--silent |-s )?([\w:.]+)/.exec(line)?.[1]
      return script === undefined || Object.hasOwn(scripts, script) ? [] : [`there is no script ${script}`]
    })
    expect(faults).toEqual([])
  })
})

it('the check sees commands, and finds those that are not there', () => {
  expect(pages.flatMap(({ code }) => code).filter((line) => line.startsWith('caes-sync ')).length).toBeGreaterThan(10)
  expect(codeOf('```shell\ncaes-sync sync --form 1   # a slip\n```\nand `caes-sync snyc`')).toEqual([
    'caes-sync sync --form 1',
    'caes-sync snyc',
  ])
  expect(commandFault(wordsOf('sync --form 1'))).toBe('sync has no option --form')
  expect(commandFault(wordsOf('snyc'))).toBe('caes-sync has no verb snyc')
  expect(commandFault(wordsOf('rejects retry ID --all [--json]'))).toBeUndefined()
})
