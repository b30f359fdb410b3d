import type { PairConfig } from '../config/config.js'
import { CaesError } from '../core/errors.js'
import { printable } from '../core/printable.js'

/** The pair of that name, or all. Errors: CAES_USAGE for a name that no pair has. */
export const choosePairs = (pairs: readonly PairConfig[], name: string | undefined): readonly PairConfig[] => {
  if (name === undefined) return pairs
  const chosen = pairs.filter((pair) => pair.name === name)
  if (chosen.length > 0) return chosen
  throw new CaesError('CAES_USAGE', `there is no pair "${printable(name)}"`, {
    hint: `The configuration has: ${pairs.map((pair) => pair.name).join(', ')}.`,
  })
}
