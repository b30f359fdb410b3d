/** One user of each role, with passwords that are hashed once for all tests of a process. */
import { createUsers, type Users } from '../../src/http/auth-users.js'
import type { Role } from '../../src/http/auth-roles.js'

export const roles = ['viewer', 'operator', 'admin'] as const satisfies readonly Role[]

export const passwordOf = (role: Role): string => `the ${role}’s pässword`

export const basicOf = (name: string, password: string): string =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`

let made: Promise<Users> | undefined

export const testUsers = (): Promise<Users> =>
  (made ??= createUsers(roles.map((role) => ({ name: role, role, password: passwordOf(role) }))))
