import { homedir } from 'node:os'
import { CaesError } from '../core/errors.js'
import type { GlobalOptions } from './global-options.js'

/** Where this process finds its configuration. */
export const configSource = (global: GlobalOptions) => ({
  ...(global.config === undefined ? {} : { path: global.config }),
  set: [...handedOn(process.env[overridesVariable]), ...(global.set ?? [])],
  env: process.env,
  cwd: process.cwd(),
  home: homedir(),
})

/**
 * What `start` hands on to the service: one value of --set may be a secret, and arguments are seen by every user of the
 * machine for as long as a process lives.
 */
export const overridesVariable = 'CAES_OVERRIDES'

const handedOn = (text: string | undefined): string[] => {
  if (text === undefined || text === '') return []
  try {
    const read: unknown = JSON.parse(text)
    if (Array.isArray(read) && read.every((each) => typeof each === 'string')) return read
  } catch {
    // Said below, without repeating it.
  }
  throw new CaesError('CAES_USAGE', `${overridesVariable} is not a list of texts in JSON`, {
    hint: 'it is set by "caes-sync start"; unset it',
  })
}
