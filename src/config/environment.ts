/**
 * What the environment says: values for keys, over the file's, and secrets that lie in files.
 *
 * `CAES__SYNC__OVERLAP=30s` is `sync.overlap`. Two underscores stand between the keys and letter case does not count,
 * since a variable's name can hold neither a dot nor, by custom, small letters. Every variable, here and in `${…}`, may
 * be given by a file instead: `CAES__REDIS__URL__FILE=/run/secrets/redis`, `ES_PASSWORD__FILE=…` for `${ES_PASSWORD}`.
 */
import { readFile } from 'node:fs/promises'
import type { Environment } from './interpolate.js'
import type { Origin } from './origin.js'
import type { Assignment } from './overrides.js'
import type { Problem } from './problems.js'
import { readPlain } from './pyyaml.js'
import { keysAt } from './schema-walk.js'
import { fileSchema } from './schema.js'
import { sameWord } from './suggest.js'

const prefix = 'CAES__'
const fileSuffix = '__FILE'

/**
 * The environment with `NAME` for every `NAME__FILE` that is of use: the text of that file without its last line break.
 * @param text the configuration, which says what variables it refers to
 */
export const withFilesRead = async (env: Environment, text: string, problems: Problem[]): Promise<Environment> => {
  const all: Record<string, string | undefined> = { ...env }
  for (const [variable, path] of Object.entries(env)) {
    if (!variable.endsWith(fileSuffix) || path === undefined || path === '') continue
    const name = variable.slice(0, -fileSuffix.length)
    // Other programs read their secrets the same way; what is theirs is not opened.
    if (!name.startsWith(prefix) && name !== 'REDIS_URL' && !text.includes(`\${${name}`)) continue
    const problem = (what: string, hint?: string): void => {
      problems.push({ at: { kind: 'environment', variable }, what, ...(hint === undefined ? {} : { hint }) })
    }
    if ((env[name] ?? '') !== '') {
      problem(`${name} is set as well`, 'one of the two')
      continue
    }
    try {
      const secret = (await readFile(path, 'utf8')).replace(/\r?\n$/, '')
      if (secret === '') problem(`the file "${path}" is empty`)
      else all[name] = secret
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
      problem(`the file "${path}" cannot be read (${code})`, 'a readable file')
    }
  }
  return all
}

/** The values for keys, in the order of their names. An unknown key stays as it is written, for validation to find. */
export const environmentAssignments = (env: Environment): Assignment[] =>
  Object.keys(env)
    .filter((variable) => variable.startsWith(prefix) && !variable.endsWith(fileSuffix))
    .toSorted()
    .flatMap((variable) => {
      const text = env[variable]
      const steps = stepsOf(variable.slice(prefix.length).split('__'))
      if (text === undefined || text === '' || steps.includes('')) return []
      const at: Origin = { kind: 'environment', variable }
      // One value, whatever is in it: a password may look like a list or a comment.
      return [{ steps, value: { kind: 'scalar', at, value: readPlain(text), text, from: [variable] } }]
    })

/** As the schema spells them; below a driver's block, as the original's drivers do: in small letters. */
const stepsOf = (words: readonly string[]): string[] => {
  const steps: string[] = []
  const path: (string | number)[] = []
  for (const word of words) {
    const step = keysAt(fileSchema, path).find((key) => sameWord(key, word)) ?? word.toLowerCase()
    steps.push(step)
    // For the schema every entry of a list is the same.
    path.push(path.at(-1) === 'pairs' || path.at(-1) === 'users' ? 0 : step)
  }
  return steps
}
