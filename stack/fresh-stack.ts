import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { dockerStack } from './docker.js'
import { shortHash, useDocker } from './engine.js'
import { makeFolder, type StackFolder } from './folder.js'
import { clearLeftovers, makePassingFolder } from './leftovers.js'
import { nativeStack } from './native-stack.js'
import { freePorts } from './ports.js'
import { say } from './progress.js'
import { sheetFile } from './secure-sheet.js'
import { type PortName, portVariables, type StackPorts, type StackSettings } from './settings.js'
import type { Stack } from './stack.js'
import { watchOwner } from './watch-owner.js'

/** A stack of its own, on free ports and without data, for as long as somebody needs it. */
export interface FreshStack {
  /** The variables by which tests find it. */
  readonly environment: Readonly<Record<string, string>>
  /** To end single servers and start them again. */
  readonly stack: Pick<Stack, 'start' | 'end'>
  /** Stops it and removes what it left. */
  close(): Promise<void>
}

/** Starts it, after removing what runs that were killed have left. Throws CaesError, or the signal's reason. */
export async function openFreshStack(
  settings: StackSettings,
  folder: StackFolder,
  signal: AbortSignal,
): Promise<FreshStack> {
  makeFolder(folder.path)
  if (folder.moved !== undefined) say(`${folder.moved}: the stack lives in ${folder.path}`)
  await clearLeftovers(folder.path, signal)
  const own: StackSettings = { ...settings, ports: await drawPorts() }
  const docker = await useDocker(settings, folder.path)
  const project = docker ? `caes-sync-exec-${shortHash(folder.path)}-${process.pid}` : undefined
  const home = makePassingFolder(folder.path, project)
  const unwatch = watchOwner(folder.path, home)
  const stack =
    project === undefined ? nativeStack(own, { home, dist: join(folder.path, 'dist') }) : dockerStack(own, project)
  const close = async (): Promise<void> => {
    await stack.stop({ wipe: true })
    rmSync(home, { recursive: true, force: true })
    unwatch()
  }
  try {
    await stack.start(signal)
  } catch (error) {
    await close()
    throw error
  }
  return { environment: settings.secure ? secureEnvironment(home) : plainEnvironment(own.ports), stack, close }
}

async function drawPorts(): Promise<StackPorts> {
  const names = Object.keys(portVariables) as PortName[]
  const ports = await freePorts(names.length)
  return Object.fromEntries(names.map((name, index) => [name, { port: ports[index], explicit: true }])) as StackPorts
}

/** Where a test run finds its servers. */
export const testVariables = ['CAES_TEST_ES_URL', 'CAES_TEST_CASSANDRA', 'CAES_TEST_REDIS_URL'] as const
/** The same for a secure stack: the path of its sheet. */
export const secureVariable = 'CAES_TEST_SECURE'

function plainEnvironment(ports: StackPorts): Record<string, string> {
  return {
    CAES_TEST_STACK: '1',
    CAES_TEST_ES_URL: `http://127.0.0.1:${ports.elasticsearch.port}`,
    CAES_TEST_CASSANDRA: `127.0.0.1:${ports.cassandra.port}`,
    CAES_TEST_REDIS_URL: `redis://127.0.0.1:${ports.redis.port}`,
  }
}

function secureEnvironment(home: string): Record<string, string> {
  return { CAES_TEST_STACK: '1', [secureVariable]: sheetFile(home) }
}
