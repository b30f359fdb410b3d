/**
 * A wall clock that is wrong, for one process of the service. Loaded into it before anything else, this file puts its own
 * Date in the place of the true one; the monotonic clock stays true. SIGUSR2 sets the clock right, as a time service would.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { projectRoot } from '../../../stack/folder.js'

const variable = 'CAES_TEST_CLOCK_AHEAD_MS'

/** The environment of a process whose clock is so many milliseconds ahead. */
export const lyingClock = (aheadMs: number): Readonly<Record<string, string>> => ({
  [variable]: String(aheadMs),
  NODE_OPTIONS: `--import=${pathToFileURL(join(projectRoot, 'dist/test/chaos/support/lying-clock.js')).href}`,
})

const lie = (aheadMs: number): void => {
  const TrueDate = Date
  let ahead = aheadMs
  const now = (): number => TrueDate.now() + ahead
  globalThis.Date = new Proxy(TrueDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
  })
  process.on('SIGUSR2', () => {
    ahead = 0
  })
}

const asked = process.env[variable]
if (asked !== undefined) lie(Number(asked))
