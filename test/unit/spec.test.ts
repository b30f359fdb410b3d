/** SPEC.md names tests as what enforces its rules. This holds it to the code, and the tests that prove rules to it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { histories } from '../simulation/histories.js'
import { testTitles, type TestTitle } from '../support/test-titles.js'

const root = new URL('../../', import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8')
const spec = read('SPEC.md')

/** A file, or a folder with `/*`; a title, that of a block of tests, or a star for all of them. */
interface Claim {
  readonly file: string
  readonly title: string
}
const claims = [...spec.matchAll(/^\| .+ \| `([^`]+)` › (.+) \|$/gm)].map(([, file, title]): Claim => ({
  file: file!,
  title: title!,
}))

const titlesIn = (file: string): readonly TestTitle[] =>
  file === 'test/simulation/histories.ts'
    ? Object.keys(histories).map((title) => ({ title, within: [] }))
    : testTitles(read(file))

const filesIn = (folder: string): string[] =>
  readdirSync(new URL(folder, root), { withFileTypes: true }).flatMap((each) =>
    each.isFile() && each.name.endsWith('.ts') ? [`${folder}/${each.name}`] : [],
  )
const isMeant = (claimed: string, file: string): boolean =>
  claimed === file || (claimed.endsWith('/*') && file.startsWith(claimed.slice(0, -1)))
const isNamed = (title: string, { title: own, within }: TestTitle): boolean =>
  title === '*' || title === own || within.includes(title)

const isFolder = ({ file }: Claim): boolean => file.endsWith('/*')

describe('what a rule is enforced by exists', () => {
  test.each(claims.filter((claim) => !isFolder(claim)))('$file › $title', ({ file, title }) => {
    expect(existsSync(new URL(file, root))).toBe(true)
    expect(titlesIn(file).some((each) => isNamed(title, each))).toBe(true)
  })

  test.each(claims.filter(isFolder))('all of $file', ({ file, title }) => {
    expect(title).toBe('*')
    expect(filesIn(file.slice(0, -2))).not.toHaveLength(0)
  })
})

const isOfCore = (file: string): boolean =>
  existsSync(new URL(file.replace('test/unit/', 'src/core/').replace('.test.ts', '.ts'), root))

/** See the top of SPEC.md. */
const proving = [
  ...filesIn('test/unit').filter(isOfCore),
  ...['test/unit/sync', 'test/simulation', 'test/conformance'].flatMap(filesIn),
]
  .map((file) => ({ file, titles: titlesIn(file) }))
  .filter(({ titles }) => titles.length > 0)

describe('every test that proves rules is named behind one', () => {
  test.each(proving)('$file', ({ file, titles }) => {
    const ofFile = claims.filter((claim) => isMeant(claim.file, file))
    const nobodys = titles.filter((each) => !ofFile.some(({ title }) => isNamed(title, each)))
    expect(nobodys.map(({ title }) => title)).toEqual([])
  })

  test('a named history is named by its title: each stands for rules of its own', () => {
    const titles = claims.flatMap(({ file, title }) => (file === 'test/simulation/histories.ts' ? [title] : []))
    expect(titles).not.toContain('*')
    expect(claims.filter(({ file }) => file === 'test/simulation/*')).toEqual([])
  })
})

describe('every rule has something that enforces it', () => {
  const body = spec.slice(spec.indexOf('## Convergence'), spec.indexOf('## Properties'))
  const rules = body
    .split(/^(?=\*\*)/m)
    .slice(1)
    .map((text) => ({ name: text.slice(2, text.indexOf('**', 2)), text }))

  test.each(rules)('$name', ({ text }) => {
    expect(text).toMatch(/^\| test \| `.+` › .+ \|$/m)
  })

  test('none of them is missing', () => {
    const numbers = rules.flatMap(({ name }) => /^(\d+|[A-Z])\./.exec(name)?.[1] ?? [])
    expect(numbers.filter((each) => /\d/.test(each))).toEqual(Array.from({ length: 13 }, (_, at) => `${at + 1}`))
    expect(numbers.filter((each) => /[A-Z]/.test(each)).slice(0, 4)).toEqual(['A', 'B', 'C', 'D'])
  })
})
