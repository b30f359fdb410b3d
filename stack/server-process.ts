import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CaesError } from '../src/core/errors.js'
import { beganAt, isAlive, isGroupAlive, signalGroup } from '../src/runtime/process-identity.js'
import type { Launch, Server } from './server.js'
import { removeRecord, type ServerRecord, writeRecord } from './server-record.js'

/**
 * Starts a server that outlives this process, and records it. It leads a process group of its own: Ctrl-C in the
 * terminal does not reach it, and whatever it starts itself can be stopped with it.
 */
export async function launch(server: Server, plan: Launch, home: string): Promise<ServerRecord> {
  const log = join(home, 'logs', `${server.name}.log`)
  mkdirSync(join(home, 'logs'), { recursive: true })
  const output = openSync(log, 'w')
  try {
    const child = spawn(plan.command, plan.args, {
      cwd: plan.cwd,
      env: { ...process.env, ...plan.env },
      stdio: ['ignore', output, output],
      detached: true,
      ...plan.user,
    })
    const { pid } = child
    const began = pid === undefined ? undefined : beganAt(pid)
    if (pid !== undefined && began !== undefined) {
      child.unref()
      const record = { name: server.name, version: server.version, port: server.port, log, pid, began }
      writeRecord(home, record)
      return record
    }
    const cause = await new Promise<unknown>((resolve) => {
      child.once('error', resolve)
      child.once('exit', (code, signal) => resolve(new Error(`it ended at once (${code ?? signal})`)))
    })
    throw new CaesError('CAES_STACK', `${server.name} could not be started: ${(cause as Error).message}`, {
      where: log,
      cause,
    })
  } finally {
    closeSync(output)
  }
}

/**
 * Stops a recorded server: asks it to end, waits, then forces it. Nothing happens to another process that has its pid
 * by now. With `graceMs` 0 it is forced at once, for data that is thrown away anyway.
 */
export async function stop(home: string, record: ServerRecord, graceMs: number): Promise<void> {
  if (isAlive(record)) {
    const asked = graceMs > 0 && signalGroup(record.pid, 'SIGTERM') && (await isGoneWithin(record.pid, graceMs))
    if (!asked) {
      signalGroup(record.pid, 'SIGKILL')
      if (!(await isGoneWithin(record.pid, 10_000))) {
        throw new CaesError('CAES_STACK', `${record.name} (pid ${record.pid}) does not end, even by SIGKILL`)
      }
    }
  }
  removeRecord(home, record.name)
}

async function isGoneWithin(group: number, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs
  while (isGroupAlive(group)) {
    if (performance.now() > deadline) return false
    await sleep(50)
  }
  return true
}
