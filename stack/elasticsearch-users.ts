import type { Account, Accounts } from './secure-place.js'
import { elasticsearchHash } from './secure-place.js'

/** The least that caes-sync needs of an index, as docs/security.md tells it. */
export const leastIndexPrivileges = ['read', 'index', 'maintenance', 'view_index_metadata'] as const

/** The indices that tests make. */
const testIndices = 'caes_test_*'

/** Files of the settings folder by name: users of the file realm, their roles, and what these permit. */
export function elasticsearchUsers({ admin, sync, reader }: Accounts['elasticsearch']): Record<string, string> {
  return {
    users: lines(
      [admin, sync, reader],
      ({ username, password }: Account) => `${username}:${elasticsearchHash(password)}`,
    ),
    users_roles: lines(
      [
        ['superuser', admin],
        ['caes_sync', sync],
        ['caes_reader', reader],
      ] as const,
      ([name, { username }]) => `${name}:${username}`,
    ),
    // The server takes the file apart by its lines, so each role has one.
    'roles.yml': lines(
      [
        ['caes_sync', leastIndexPrivileges],
        ['caes_reader', ['read', 'maintenance', 'view_index_metadata']],
      ] as const,
      ([name, privileges]) => `${name}: ${JSON.stringify(role(privileges))}`,
    ),
  }
}

const role = (privileges: readonly string[]) => ({ cluster: [], indices: [{ names: [testIndices], privileges }] })

const lines = <T>(items: readonly T[], line: (item: T) => string): string =>
  items.map((item) => `${line(item)}\n`).join('')
