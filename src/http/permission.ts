/** The one place where is asked whether somebody may do what changes something. */
import type { Context } from 'hono'
import type { Role } from './auth-roles.js'

/** Who has logged in, as the page shows it. */
export interface Visitor {
  readonly name: string
  readonly role: Role
}

export type ActionName = 'retry' | 'pause' | 'resume'

/** Who asks, for the log and for others to read; undefined where they may not. */
export type MayAct = (context: Context, action: ActionName) => string | undefined

/** Without logins everybody who can open the dashboard may do everything; guard.ts keeps other sites out. */
export const anybody: MayAct = () => 'the dashboard'
