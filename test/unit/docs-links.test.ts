/** Links in the documentation lead somewhere: to a file, and where they name a heading, to that heading. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { allPages } from '../support/pages.js'

const pages = allPages()

const withoutCode = (text: string): string => text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '')

const linksOf = (text: string): string[] =>
  [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!)

/** As GitHub makes them. */
const anchorsOf = (page: string): string[] =>
  [...readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

describe.each(pages)('$name', ({ path, text }) => {
  it('has no link that leads nowhere', () => {
    const broken = linksOf(text)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [file = '', anchor] = target.split('#')
        const page = file === '' ? path : resolve(dirname(path), file)
        return !existsSync(page) || (anchor !== undefined && !anchorsOf(page).includes(anchor))
      })
    expect(broken).toEqual([])
  })
})

it('the index of the documentation names every page', () => {
  const index = pages.find(({ name }) => name === 'docs/README.md')!
  const named = linksOf(index.text).map((target) => join('docs', target))
  const missing = pages.map(({ name }) => name).filter((name) => /^docs\/[^/]+\.md$/.test(name) && name !== index.name)
  expect(missing.filter((name) => !named.includes(name))).toEqual([])
})

it('decisions are numbered without a gap, each in its name and in its heading alike', () => {
  const decisions = pages.filter(({ name }) => name.startsWith('docs/decisions/'))
  const numbers = decisions.map(({ name }) => Number(/\/(\d{4})-/.exec(name)?.[1])).toSorted((a, b) => a - b)
  expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  for (const { name, text } of decisions) expect(text).toMatch(new RegExp(`^# ${Number(name.slice(15, 19))}\\. `))
})
