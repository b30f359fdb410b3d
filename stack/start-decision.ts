import type { ServerRecord } from './server-record.js'

export interface StartFacts {
  /** The record of a process that is known to live, or undefined. */
  readonly running: Pick<ServerRecord, 'port' | 'version'> | undefined
  readonly wanted: { readonly port: number; readonly version: string }
  /** Whether anything listens on the wanted port. */
  readonly portBusy: boolean
}

/**
 * `reuse`: it runs as wanted. `replace`: it runs, with another version or on another port: stop it, then decide again.
 * `taken`: the port belongs to a program that this stack did not start. `start`: the way is free.
 */
export type StartDecision = 'reuse' | 'replace' | 'taken' | 'start'

export function decideStart({ running, wanted, portBusy }: StartFacts): StartDecision {
  if (running !== undefined) {
    return running.port === wanted.port && running.version === wanted.version ? 'reuse' : 'replace'
  }
  return portBusy ? 'taken' : 'start'
}
