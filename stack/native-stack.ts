import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CaesError } from '../src/core/errors.js'
import { findRunning, startServer, untilItAnswers } from './bring-up.js'
import { cassandraServer } from './cassandra.js'
import { elasticsearchServer } from './elasticsearch.js'
import { describe, say } from './progress.js'
import { redisServer } from './redis.js'
import { secureSheet, writeSheet } from './secure-sheet.js'
import { securePlace } from './secure-place.js'
import type { Places } from './server.js'
import { stop } from './server-process.js'
import { liveRecords, type ServerRecord } from './server-record.js'
import type { StackSettings } from './settings.js'
import type { Stack } from './stack.js'
import { nativeStatus } from './status.js'

/** The three servers as processes of this machine, for machines without a Docker engine. */
export function nativeStack(settings: StackSettings, { home, dist }: Omit<Places, 'secure'>): Stack {
  const secure = settings.secure ? securePlace(home) : undefined
  const places: Places = { home, dist, ...(secure === undefined ? {} : { secure }) }
  const servers = [
    elasticsearchServer(settings, places),
    cassandraServer(settings, places),
    redisServer(settings, places),
  ]
  return {
    async start(signal) {
      const before = new Set(liveRecords(home).map(({ pid }) => pid))
      try {
        await secure?.make(signal)
        // Step by step for all three: nothing is started while something is missing for another one.
        const running = await all(servers.map((server) => findRunning(server, home)))
        const plans = await all(servers.map(async (server, i) => running[i] ?? (await server.prepare(signal))))
        await all(
          servers.map((server, i) => {
            const plan = plans[i]
            if (plan === undefined) throw new Error(`${server.name} has no plan`)
            return 'pid' in plan ? untilItAnswers(server, plan, signal) : startServer(server, plan, home, signal)
          }),
        )
      } catch (error) {
        if (signal.aborted) await stopRecorded(home, ({ pid }) => !before.has(pid))
        throw error
      }
      if (secure !== undefined) writeSheet(secureSheet(secure, settings.ports), home)
    },
    async stop({ wipe }) {
      const stopped = await stopRecorded(home, () => true, wipe)
      if (wipe) removeData(home)
      return stopped
    },
    async end(name, how) {
      await stopRecorded(home, (record) => record.name === name, how === 'kill')
    },
    status: () => nativeStatus(servers, home),
  }
}

/** Waits for all, also when one fails: what others did must be known by then. Throws the first failure, tells the others. */
async function all<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(work)
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
  if (failures.length === 0)
    return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  const [first, ...others] = failures
  for (const other of others) if (other instanceof CaesError) for (const line of describe(other)) say(line)
  throw first
}

/** Stops the servers that this folder's records name, at once where their data is thrown away anyway. */
async function stopRecorded(home: string, which: (record: ServerRecord) => boolean, atOnce = false): Promise<string[]> {
  const records = liveRecords(home).filter(which)
  await Promise.all(records.map((record) => stop(home, record, atOnce ? 0 : 30_000)))
  return records.map(({ name, version, pid }) => `${name} ${version} (pid ${pid})`)
}

/** Removes the data and logs of every server and version, and keeps what was downloaded. */
function removeData(home: string): void {
  if (!existsSync(home)) return
  for (const entry of readdirSync(home)) {
    if (/^(elasticsearch-.+|cassandra-.+|redis|logs|run|certificates|accounts\.json|secure\.json)$/.test(entry)) {
      rmSync(join(home, entry), { recursive: true, force: true })
    }
  }
}
