/**
 * The titles of the tests in a file, told from its text, so that documents can name tests and be held to it. The
 * formatter keeps blocks indented, and indentation tells which `describe` a test is in.
 */

export interface TestTitle {
  readonly title: string
  /** Titles of the blocks around it, outermost first. */
  readonly within: readonly string[]
}

const call = /^( *)(?:return )?(test|it|describe)(\.each)?(?=[(`<])/gm
const ofCall = /^(?:<[^(]*>)?\(\s*(['"`])((?:\\.|(?!\1)[^])*)\1/
/** The table of `each` ends where a line of the same indentation closes it, or on the line itself. */
const ofEach = /\)\(\s*(['"`])((?:\\.|(?!\1)[^])*)\1/

/** Errors: a test whose title is not a literal. */
export const testTitles = (text: string): TestTitle[] => {
  const found: TestTitle[] = []
  const open: { readonly indent: number; readonly title: string }[] = []
  for (const match of text.matchAll(call)) {
    const [whole, spaces = '', kind, each] = match
    const indent = spaces.length
    const rest = text.slice(match.index + whole.length)
    const title = (each === undefined ? ofCall : ofEach).exec(rest)?.[2]?.replaceAll(/\\(['"`])/g, '$1')
    if (title === undefined) throw new Error(`no title in: ${rest.slice(0, 80)}`)
    while (open.length > 0 && open.at(-1)!.indent >= indent) open.pop()
    if (kind === 'describe') open.push({ indent, title })
    else found.push({ title, within: open.map((block) => block.title) })
  }
  return found
}
