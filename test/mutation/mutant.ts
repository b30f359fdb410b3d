/** A rule, broken on purpose: a small change of the code, after which some test has to go red. */
export interface Mutant {
  /** What is not so any more. */
  readonly breaks: string
  readonly edits: readonly Edit[]
}

export interface Edit {
  /** Below src/. */
  readonly file: string
  /** Stands exactly once in the file. */
  readonly find: string
  readonly put: string
}

/** By the heading that they have on the page. */
export type Mutants = Readonly<Record<string, readonly Mutant[]>>

export const edit = (file: string, find: string, put: string): Edit => ({ file, find, put })
