/**
 * `${VAR}` and `${VAR:-default}` in scalars that YAML has parsed already, so that no value of a variable can become
 * YAML syntax. `$${` stands for a literal `${`. Any other `$` is left alone: passwords of existing files and the `$$`
 * quotes of CQL contain them.
 */

export type Environment = Readonly<Record<string, string | undefined>>

export type Interpolated =
  | {
      readonly text: string
      /** The variables used, set or not. */
      readonly from: readonly string[]
      /** The scalar is one `${…}` and nothing else: its text is read again as a YAML scalar. */
      readonly whole: boolean
    }
  | { readonly fault: string; readonly hint: string }

const reference = /\$\$\{|\$\{([^}]*)(\}?)/g
const inner = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s

export const interpolate = (text: string, env: Environment): Interpolated => {
  const from: string[] = []
  let result = ''
  let last = 0
  let whole = false
  for (const match of text.matchAll(reference)) {
    result += text.slice(last, match.index)
    last = match.index + match[0].length
    const [written, inside, closed] = match
    if (inside === undefined) {
      result += '${'
      continue
    }
    if (closed === '') return { fault: `"${written}" has no closing brace`, hint: 'writing $${ for a literal ${' }
    const [, name, otherwise] = inner.exec(inside) ?? []
    if (name === undefined || otherwise?.includes('${')) {
      return { fault: `"${written}" is not \${NAME} or \${NAME:-default}`, hint: 'writing $${ for a literal ${' }
    }
    // As in a shell, `:-` also stands in for a variable that is set but empty.
    const set = Object.hasOwn(env, name) ? env[name] : undefined
    const value = otherwise === undefined ? set : set || otherwise
    if (value === undefined) {
      return { fault: `the environment variable ${name} is not set`, hint: `setting ${name}, or \${${name}:-default}` }
    }
    from.push(name)
    whole = written.length === text.length
    result += value
  }
  return { text: result + text.slice(last), from, whole }
}
