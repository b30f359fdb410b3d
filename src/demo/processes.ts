/** The roles as processes of their own, as an operator would run them. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endsWithOwnerVariable } from '../runtime/owner.js'

export type Role = 'scheduler' | 'worker' | 'dashboard'

export interface RoleProcess {
  readonly role: Role
  readonly pid: number
  /** Where it serves /healthz, /readyz and /metrics, and the board in case of the dashboard. */
  readonly url: string
  readonly logFile: string
  /** Resolves to the exit code, or to the signal's name. */
  readonly ended: Promise<number | NodeJS.Signals>
  kill(signal: NodeJS.Signals): void
}

/** The built file of a role, from this file's place in `dist`. */
const entry: Record<Role, readonly [string, ...string[]]> = {
  scheduler: ['../../scheduler/main.js'],
  worker: ['../../workers/main.js'],
  dashboard: ['../cli/main.js', 'run', '--role', 'dashboard'],
}

export interface StartOptions {
  readonly configFile: string
  /** Folder for the log. */
  readonly folder: string
  /** Where this module lies when it runs built; tests run from the sources. */
  readonly base?: string
  /** Beside the environment of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** Behind those of the role. */
  readonly args?: readonly string[]
}

let started = 0

/** Starts one process and resolves when it says that it runs; rejects with its last words if it ends before. */
export const startRole = async (role: Role, options: StartOptions): Promise<RoleProcess> => {
  const [file, ...args] = entry[role]
  started += 1
  const logFile = join(options.folder, `${role}-${started}.log`)
  const path = fileURLToPath(new URL(file, options.base ?? import.meta.url))
  const child = spawn(process.execPath, [path, ...args, ...(options.args ?? []), '--config', options.configFile], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, [endsWithOwnerVariable]: '1', ...options.env },
    // A Ctrl-C on the terminal is the demo's to hand on, in its own order.
    detached: true,
  })
  const log = createWriteStream(logFile)
  child.stdout!.pipe(log, { end: false })
  child.stderr!.pipe(log, { end: false })
  const words: string[] = []
  child.stderr!.on('data', (chunk: Buffer) => words.push(chunk.toString()))
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => {
      log.end()
      resolve(code ?? signal ?? 1)
    })
  })
  const url = await whenRunning(child, ended, () => `${role} did not start:\n${words.join('').slice(-2_000)}`)
  child.stderr!.removeAllListeners('data').pipe(log, { end: false })
  return { role, pid: child.pid!, url, logFile, ended, kill: (signal) => child.kill(signal) }
}

const whenRunning = (child: ChildProcess, ended: Promise<unknown>, failure: () => string): Promise<string> =>
  new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('message', (message: { readonly url: string }) => resolve(message.url))
    void ended.then(() => reject(new Error(failure())))
  })

/** Asks each to drain, and kills what has not ended by the deadline. */
export const stopRoles = async (processes: readonly RoleProcess[], deadlineMs: number): Promise<void> => {
  await Promise.all(
    processes.map(async (each) => {
      const timer = setTimeout(() => each.kill('SIGKILL'), deadlineMs)
      each.kill('SIGTERM')
      await each.ended
      clearTimeout(timer)
    }),
  )
}
