/**
 * What opens a resource registers its release in the next line; everything is released in reverse order.
 */
import type { Logger } from '../ports/logger.js'

export interface Releases {
  /** Registers a release. Once releasing began it is called at once, so a slow start leaks nothing. */
  add(name: string, release: () => unknown): void
  /** Releases everything, newest first, each once; a failure is logged and does not stop the others. Never throws. */
  run(): Promise<void>
}

export const createReleases = (logger: Logger): Releases => {
  const stack: { name: string; release: () => unknown }[] = []
  let running: Promise<void> | undefined

  const releaseOne = async (name: string, release: () => unknown): Promise<void> => {
    try {
      await release()
    } catch (error) {
      logger.warn({ err: error, resource: name }, 'could not release a resource')
    }
  }
  const releaseAll = async (): Promise<void> => {
    for (let last = stack.pop(); last !== undefined; last = stack.pop()) await releaseOne(last.name, last.release)
  }
  return {
    add: (name, release) => {
      if (running === undefined) stack.push({ name, release })
      else void releaseOne(name, release)
    },
    run: () => (running ??= releaseAll()),
  }
}
