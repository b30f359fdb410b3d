/** Who is logged in. Kept in the process alone: a restart logs everybody out. Pure: the time is passed in. */
import { createHash, randomBytes } from 'node:crypto'

export interface Sessions {
  /** The token for the cookie. */
  open(name: string, now: number): string
  /** The name behind a token that is still good, and makes it last longer. */
  nameOf(token: string, now: number): string | undefined
  close(token: string): void
}

const idleMs = 3_600_000
const longestMs = 43_200_000
/** The oldest give way: logging in without end must not fill the memory. */
const mostOpen = 1_000

/** What is looked up is a hash, so that the time of the look tells nothing about a token. */
const key = (token: string): string => createHash('sha256').update(token).digest('base64')

export const createSessions = (): Sessions => {
  const open = new Map<string, { readonly name: string; readonly opened: number; seen: number }>()
  return {
    open: (name, now) => {
      const token = randomBytes(32).toString('base64url')
      open.set(key(token), { name, opened: now, seen: now })
      for (const oldest of open.keys()) {
        if (open.size <= mostOpen) break
        open.delete(oldest)
      }
      return token
    },
    nameOf: (token, now) => {
      const found = open.get(key(token))
      if (found === undefined) return undefined
      if (now - found.seen > idleMs || now - found.opened > longestMs) {
        open.delete(key(token))
        return undefined
      }
      found.seen = now
      return found.name
    },
    close: (token) => {
      open.delete(key(token))
    },
  }
}
