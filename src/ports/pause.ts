/** That somebody stopped a pair, and who. */
export interface Pause {
  /** Milliseconds since 1970. */
  readonly since: number
  /** For people: a name, or where the command came from. */
  readonly who: string
}

export interface PauseReader {
  /** The pair's pause, or undefined while it runs. */
  read(pair: string): Promise<Pause | undefined>
}

/**
 * Which pairs are paused: planners hand out nothing of them, and workers start no window of theirs. It is a person's
 * word, so it outlives every process and the queue. Implementations must be linearizable.
 */
export interface PauseStore extends PauseReader {
  /** Pauses the pair; one that is paused already keeps its pause. Returns the pause that holds now. */
  pause(pair: string, pause: Pause): Promise<Pause>
  /** Ends the pause; false when there was none. Doing it again is harmless. */
  resume(pair: string): Promise<boolean>
}
