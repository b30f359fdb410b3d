import { constants } from 'node:os'

export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly by: NodeJS.Signals

  constructor(by: NodeJS.Signals) {
    super(`interrupted by ${by}`)
    this.by = by
  }

  get exitCode(): number {
    return exitCodeOf(this.by)
  }
}

/** What shells report for a program that a signal ended. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}

export interface Interruption {
  /** Aborted by the first signal, with an Interrupted as its reason. */
  readonly signal: AbortSignal
  /** Calls back for every signal from now on. */
  onSignal(listener: (signal: NodeJS.Signals) => void): void
  /** From here on signals end the process again. */
  release(): void
}

/**
 * Catches the signals that ask this process to end, so that it can clean up first. That the parent went away counts as
 * one: the shell between npm and this process does not pass SIGTERM on, it just dies.
 */
export function catchInterruption(): Interruption {
  const controller = new AbortController()
  const listeners: ((signal: NodeJS.Signals) => void)[] = []
  const handle = (signal: NodeJS.Signals) => {
    controller.abort(new Interrupted(signal))
    for (const listener of listeners) listener(signal)
  }
  const caught = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of caught) process.on(signal, handle)

  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    handle('SIGTERM')
  }, 500)
  watch.unref()

  return {
    signal: controller.signal,
    onSignal: (listener) => listeners.push(listener),
    release() {
      clearInterval(watch)
      for (const signal of caught) process.off(signal, handle)
    },
  }
}
