import { spawn } from 'node:child_process'
import { signalGroup } from '../src/runtime/process-identity.js'

export interface ProgramResult {
  /** The exit code, or undefined when the program is not installed. */
  readonly code: number | undefined
  /** What it printed, stdout and stderr together. */
  readonly output: string
  readonly stdout: string
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
}

/** Runs a program to its end and collects its output. Rejects only when it was aborted or could not be run at all. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    options.signal?.throwIfAborted()
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
      // Its own group: Ctrl-C reaches this process alone, which then ends what it runs in order.
      detached: true,
    })
    const stop = () => {
      if (child.pid !== undefined && child.exitCode === null) signalGroup(child.pid, 'SIGTERM')
    }
    options.signal?.addEventListener('abort', stop, { once: true })
    let output = ''
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      output += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.once('error', (error: NodeJS.ErrnoException) => {
      options.signal?.removeEventListener('abort', stop)
      if (error.code === 'ENOENT') resolve({ code: undefined, output: '', stdout: '' })
      else reject(error)
    })
    child.once('close', (code) => {
      options.signal?.removeEventListener('abort', stop)
      if (options.signal?.aborted === true) reject(options.signal.reason as Error)
      else resolve({ code: code ?? 1, output, stdout })
    })
  })
}
