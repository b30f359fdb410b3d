import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { CaesError } from '../src/core/errors.js'
import { dockerStack } from './docker.js'
import { shortHash, useDocker } from './engine.js'
import { makeFolder, type StackFolder } from './folder.js'
import { runGuarded } from './guarded-command.js'
import { catchInterruption, type Interruption } from './interruption.js'
import { clearLeftovers, makePassingFolder } from './leftovers.js'
import { nativeStack } from './native-stack.js'
import { freePorts } from './ports.js'
import { say } from './progress.js'
import { type Environment, type StackPorts, portVariables, type PortName, type StackSettings } from './settings.js'

/** Where a test run finds its servers. */
export const testVariables = ['CAES_TEST_ES_URL', 'CAES_TEST_CASSANDRA', 'CAES_TEST_REDIS_URL'] as const

/**
 * Runs a command against a fresh stack on free ports, and leaves nothing of that stack behind, however it ends.
 * @returns the command's exit code
 */
export async function exec(
  settings: StackSettings,
  folder: StackFolder,
  command: string,
  args: readonly string[],
  env: Environment = process.env,
): Promise<number> {
  const interruption = catchInterruption()
  try {
    if (hasServers(env)) {
      say(`the servers are given by ${testVariables.join(', ')}; none is started`)
      return await runGuarded(command, args, {}, interruption)
    }
    makeFolder(folder.path)
    if (folder.moved !== undefined) say(`${folder.moved}: the stack lives in ${folder.path}`)
    await clearLeftovers(folder.path, interruption.signal)
    return await withFreshStack(settings, folder.path, interruption, (servers) =>
      runGuarded(command, args, servers, interruption),
    )
  } finally {
    interruption.release()
  }
}

/** All three given, or none: a mixture would test half of it somewhere else without a word. */
export function hasServers(env: Environment): boolean {
  const given = testVariables.filter((name) => env[name] !== undefined && env[name] !== '')
  if (given.length > 0 && given.length < testVariables.length) {
    const missing = testVariables.filter((name) => !given.includes(name))
    throw new CaesError('CAES_USAGE', `${given.join(', ')} is set, but not ${missing.join(', ')}`, {
      hint: 'set all three to use servers of your own, or none to have them started',
    })
  }
  return given.length > 0
}

async function withFreshStack(
  settings: StackSettings,
  folder: string,
  interruption: Interruption,
  work: (servers: Record<string, string>) => Promise<number>,
): Promise<number> {
  const own: StackSettings = { ...settings, ports: await drawPorts() }
  const project = (await useDocker(settings, folder)) ? `caes-sync-exec-${shortHash(folder)}-${process.pid}` : undefined
  const home = makePassingFolder(folder, project)
  const stack =
    project === undefined ? nativeStack(own, { home, dist: join(folder, 'dist') }) : dockerStack(own, project)
  try {
    await stack.start(interruption.signal)
    return await work(testEnvironment(own.ports))
  } finally {
    await stack.stop({ wipe: true })
    rmSync(home, { recursive: true, force: true })
  }
}

async function drawPorts(): Promise<StackPorts> {
  const names = Object.keys(portVariables) as PortName[]
  const ports = await freePorts(names.length)
  return Object.fromEntries(names.map((name, index) => [name, { port: ports[index], explicit: true }])) as StackPorts
}

function testEnvironment(ports: StackPorts): Record<string, string> {
  return {
    CAES_TEST_STACK: '1',
    CAES_TEST_ES_URL: `http://127.0.0.1:${ports.elasticsearch.port}`,
    CAES_TEST_CASSANDRA: `127.0.0.1:${ports.cassandra.port}`,
    CAES_TEST_REDIS_URL: `redis://127.0.0.1:${ports.redis.port}`,
  }
}
