/** The pages that are made from the code, by their path in the repository. */
import { configReference } from '../../src/config/reference.js'
import { commandReference } from './command-reference.js'

export const pages = (): ReadonlyMap<string, string> =>
  new Map([
    ['docs/configuration.md', configReference()],
    ['docs/commands.md', commandReference()],
  ])

/** From the place of the built file and of this one alike. */
export const pageUrl = (name: string): URL => {
  const built = import.meta.url.includes('/dist/test/docs/')
  return new URL(`${built ? '../../../' : '../../'}${name}`, import.meta.url)
}
