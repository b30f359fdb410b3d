import { CaesError } from '../src/core/errors.js'
import { pause } from './pause.js'
import { isPortBusy, portTaken } from './ports.js'
import { isAlive } from '../src/runtime/process-identity.js'
import { say, sayLogEnd, seconds } from './progress.js'
import type { Launch, Server } from './server.js'
import { launch, stop } from './server-process.js'
import { liveRecords, type ServerRecord } from './server-record.js'
import { decideStart } from './start-decision.js'

const patienceMs = 240_000

/**
 * Finds out whether a server runs as wanted. One of ours of another version or on another port is stopped.
 * @returns the record of the server to reuse, or undefined when the way is free to start it
 * @throws CAES_PORT_TAKEN when the port belongs to another program
 */
export async function findRunning(server: Server, home: string): Promise<ServerRecord | undefined> {
  const running = liveRecords(home).find(({ name }) => name === server.name)
  const decision = decideStart({ running, wanted: server, portBusy: await isPortBusy(server.port) })
  if (decision === 'reuse') {
    say(`${server.name} ${server.version}: runs already on ${server.endpoint} (pid ${running?.pid})`)
    return running
  }
  if (decision === 'replace' && running !== undefined) {
    say(`${server.name}: stopping version ${running.version} on port ${running.port}`)
    await stop(home, running, 30_000)
    return findRunning(server, home)
  }
  if (decision === 'taken') throw portTaken(server.name, server.port, server.portVariable)
  return undefined
}

/** Starts a server and waits until it answers. Throws CAES_STACK, after the end of its log was printed. */
export async function startServer(server: Server, plan: Launch, home: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  say(`${server.name} ${server.version}: starting on ${server.endpoint}`)
  await untilItAnswers(server, await launch(server, plan, home), signal)
}

/** Waits until a server answers a real request; it may have been started by an earlier command. */
export async function untilItAnswers(server: Server, record: ServerRecord, signal: AbortSignal): Promise<void> {
  const since = performance.now()
  const deadline = performance.now() + patienceMs
  for (;;) {
    signal.throwIfAborted()
    if (!isAlive(record)) throw failed(record, `${server.name} ${server.version} ended while it started`)
    try {
      const version = await server.probe(server.port)
      say(`${server.name} ${version}: ready after ${seconds(performance.now() - since)}`)
      return
    } catch (cause) {
      if (performance.now() > deadline) {
        throw failed(record, `${server.name} did not answer within ${seconds(patienceMs)}`, cause)
      }
    }
    await pause(200, signal)
  }
}

/** Says it at once: the other servers may take a while longer to come up. */
function failed(record: ServerRecord, what: string, cause?: unknown): CaesError {
  say(`${what}; the end of its log:`)
  sayLogEnd(record.log)
  return new CaesError('CAES_STACK', what, {
    where: record.log,
    cause,
    hint: 'read its log; is there enough free memory (about 3 GB)? "npm run stack -- down --wipe" starts from nothing',
  })
}
