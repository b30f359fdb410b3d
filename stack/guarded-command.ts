import { spawn } from 'node:child_process'
import { CaesError } from '../src/core/errors.js'
import { exitCodeOf, type Interruption } from './interruption.js'

const patienceMs = 15_000

/**
 * Runs a command in the foreground and resolves with its exit code when it has ended. Signals are passed on to it; when
 * it does not heed one, or a second one arrives, it is killed.
 */
export function runGuarded(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  interruption: Interruption,
): Promise<number> {
  return new Promise((resolve, reject) => {
    interruption.signal.throwIfAborted()
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
    let firstAt: number | undefined
    let last: NodeJS.Timeout | undefined
    interruption.onSignal((signal) => {
      // A terminal and npm may both deliver the same Ctrl-C; only a later signal is a second one.
      if (firstAt !== undefined && performance.now() - firstAt > 1_000) child.kill('SIGKILL')
      if (firstAt !== undefined) return
      firstAt = performance.now()
      last = setTimeout(() => child.kill('SIGKILL'), patienceMs)
      // A terminal sends Ctrl-C to the command as well.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
    child.once('error', (cause: NodeJS.ErrnoException) => {
      clearTimeout(last)
      reject(
        new CaesError('CAES_USAGE', `"${command}" cannot be run: ${cause.code ?? cause.message}`, {
          hint: 'give exec a program on the PATH, with its arguments one by one',
          cause,
        }),
      )
    })
    child.once('exit', (code, signal) => {
      clearTimeout(last)
      resolve(code ?? (signal === null ? 1 : exitCodeOf(signal)))
    })
  })
}
