import type { ServerName } from './settings.js'
import type { ServerStatus } from './status.js'

/** Three servers that are run together, as processes or as containers. */
export interface Stack {
  /** Starts what does not run yet and resolves when all answer. Throws CaesError, or the signal's reason. */
  start(signal: AbortSignal): Promise<void>
  /**
   * Stops what this stack started. `wipe` removes its data as well; what was only needed for a moment is not asked to
   * end in order then.
   * @returns what was stopped, in words; empty when nothing ran
   */
  stop(options: { readonly wipe: boolean }): Promise<string[]>
  /** Ends one server and keeps its data; `start` brings it back. `kill` is a crash, `stop` lets it end in order. */
  end(name: ServerName, how: 'kill' | 'stop'): Promise<void>
  status(): Promise<ServerStatus[]>
}
