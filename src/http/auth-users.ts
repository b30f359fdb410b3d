/** Checks names and passwords. An unknown name costs as much time as a known one. */
import { createHmac, randomBytes } from 'node:crypto'
import { hashPassword, parseHash, verifyPassword, type PasswordHash } from '../runtime/password-hash.js'
import type { Role } from './auth-roles.js'

export interface User {
  readonly name: string
  readonly role: Role
}

export interface UserRecord extends User {
  /** A hash of password-hash.ts, or the password itself. */
  readonly password: string
}

export interface Users {
  named(name: string): User | undefined
  /** Looked at one after the other: a flood of guesses costs one core and the memory of one guess. */
  check(name: string, password: string): Promise<User | undefined>
  /** Whether this very login was found right a moment ago; for scripts, which send it with each request. */
  remembered(name: string, password: string, now: number): User | undefined
}

const rememberMs = 60_000
const mostRemembered = 100
/** Longer ones are not even hashed. */
const longestPassword = 1_000

export const createUsers = async (records: readonly UserRecord[], isRight = verifyPassword): Promise<Users> => {
  const known = new Map<string, User & { readonly hash: PasswordHash }>()
  for (const { name, role, password } of records) {
    known.set(name, { name, role, hash: parseHash(password) ?? (await hashPassword(password)) })
  }
  const nobody = await hashPassword(randomBytes(16).toString('hex'))
  const key = randomBytes(32)
  const recent = new Map<string, { readonly user: User; readonly until: number }>()
  const proofOf = (name: string, password: string): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([name, password]))
      .digest('base64')
  let turn: Promise<unknown> = Promise.resolve()

  const verify = async (name: string, password: string): Promise<User | undefined> => {
    const found = known.get(name)
    const right = await isRight(password.slice(0, longestPassword), found?.hash ?? nobody)
    if (found === undefined || !right || password.length > longestPassword) return undefined
    const user = { name: found.name, role: found.role }
    recent.set(proofOf(name, password), { user, until: Date.now() + rememberMs })
    for (const oldest of recent.keys()) {
      if (recent.size <= mostRemembered) break
      recent.delete(oldest)
    }
    return user
  }
  return {
    named: (name) => known.get(name),
    check: (name, password) => {
      const mine = turn.then(() => verify(name, password))
      turn = mine.catch(() => undefined)
      return mine
    },
    remembered: (name, password, now) => {
      const found = recent.get(proofOf(name, password))
      return found !== undefined && found.until > now ? found.user : undefined
    },
  }
}
