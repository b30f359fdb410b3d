/** The rights that docs/security.md lists, taken from the page itself. */
import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'

const page = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8')

const block = (language: string, marker: string): string => {
  const found = [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)].find(
    ([, name, text]) => name === language && text!.includes(marker),
  )
  if (found === undefined) throw new Error(`docs/security.md has no block with ${marker}`)
  return found[2]!
}

interface Role {
  readonly cluster: readonly string[]
  readonly indices: readonly { readonly names: readonly string[]; readonly privileges: readonly string[] }[]
}

export const elasticsearchRole = (): Role => {
  const roles = load(block('yaml', 'caes_sync:')) as { readonly caes_sync: Role }
  return roles.caes_sync
}

export const cassandraGrants = (keyspace: string, role: string): string[] =>
  block('sql', 'GRANT')
    .trim()
    .split('\n')
    .map((line) =>
      line
        .replace(/;$/, '')
        .replace('logs.', `${keyspace}.`)
        .replace(/\bsync$/, role),
    )

/** After user and password. */
export const redisRules = (prefix: string): string[] => {
  const [rules = ''] = /(?<=>PASSWORD ).+/.exec(block('', 'ACL SETUSER')) ?? []
  return rules.replace('~caes:', `~${prefix}:`).split(' ')
}
