/** One line for people out of any thrown value. Never a stack trace: that belongs into the log of whoever caught it. */
import { CaesError } from './errors.js'

/** `CODE: what happened (where). What to try.` */
export const errorText = (error: unknown): string => {
  if (error instanceof CaesError) {
    const where = error.where === undefined || error.message.includes(error.where) ? '' : ` (${error.where})`
    const hint = error.hint === undefined ? '' : `; ${error.hint}`
    return `${error.code}: ${error.message}${where}${hint}`
  }
  const what = error instanceof Error ? error.message : String(error)
  return `CAES_INTERNAL: ${what}`
}
