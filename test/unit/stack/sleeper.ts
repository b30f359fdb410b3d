import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { beganAt, type ProcessIdentity, signalGroup } from '../../../src/runtime/process-identity.js'
import type { Server } from '../../../stack/server.js'

/** A real process in a group of its own that lives until it is told to end. */
export async function startSleeper(): Promise<ProcessIdentity & { ended: Promise<unknown> }> {
  const child = spawn(process.execPath, ['-e', idle], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  const { pid } = child
  const began = pid === undefined ? undefined : beganAt(pid)
  if (pid === undefined || began === undefined) throw new Error('the process did not start')
  onTestFinished(() => {
    if (beganAt(pid) === began) signalGroup(pid, 'SIGKILL')
  })
  return { pid, began, ended }
}

const idle = `console.log('here'); setInterval(() => undefined, 1000)`

export const someServer: Server = {
  name: 'redis',
  version: '7',
  port: 6379,
  portVariable: 'CAES_REDIS_PORT',
  endpoint: 'redis://127.0.0.1:6379',
  probe: () => Promise.reject(new Error('not needed here')),
  prepare: () => Promise.reject(new Error('not needed here')),
}
