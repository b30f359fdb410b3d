/** The service as processes of its own, on a pair of the real servers. */
import { startRole, stopRoles, type Role, type RoleProcess } from '../../src/demo/processes.js'
import { endpointsFrom } from '../../src/demo/schema.js'
import { wipeQueues } from '../../src/demo/watch.js'
import { configFile, distUrl } from './cli.js'
import { openPair, type PairFixture, type PairFixtureOptions } from './pair-fixture.js'

const drainMs = 60_000

export interface ServiceFixture {
  readonly pair: PairFixture
  readonly file: ReturnType<typeof configFile>
  /** Every process that was started, also those that have ended. */
  readonly running: readonly RoleProcess[]
  /** @param env beside the environment of the test */
  start(role: Role, env?: Readonly<Record<string, string>>): Promise<RoleProcess>
  close(): Promise<void>
}

/** Starts no process yet. */
export const openService = async (options: PairFixtureOptions): Promise<ServiceFixture> => {
  const pair = await openPair(options)
  const file = configFile(pair.configText)
  const running: RoleProcess[] = []
  return {
    pair,
    file,
    running,
    start: async (role, env = {}) => {
      const started = await startRole(role, { configFile: file.path, folder: file.folder, base: distUrl, env })
      running.push(started)
      return started
    },
    close: async () => {
      await stopRoles(running, drainMs)
      await wipeQueues(endpointsFrom(process.env).redis, pair.name)
      file.remove()
      await pair.close()
    },
  }
}
