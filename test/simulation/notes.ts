/** What becomes of a field that is not mirrored: our writes have to leave it as the last client wrote it. */
export class Notes {
  /** By id, what a client's document had. */
  readonly #expected = new Map<string, string>()
  /** Ids that a client wrote since a request, whose write is still to come, has read the fields that are not ours. */
  readonly #reading = new Map<AbortSignal, Set<string>>()
  /** Those of which it is not known which of two documents won: the known limit of docs/contract.md. */
  readonly #unsure = new Set<string>()

  /** A client's document is there. */
  put(id: string, note: string): void {
    this.#expected.set(id, note)
    this.#unsure.delete(id)
    for (const since of this.#reading.values()) since.add(id)
  }

  /** A sync has read the fields that it is to keep. */
  read(signal: AbortSignal): void {
    this.#reading.set(signal, new Set())
  }

  /** Its write has taken effect. */
  written(signal: AbortSignal): void {
    for (const id of this.#reading.get(signal) ?? []) this.#unsure.add(id)
    this.#reading.delete(signal)
  }

  /** Undefined where nothing is expected. */
  expected(id: string): string | undefined {
    return this.#unsure.has(id) ? undefined : this.#expected.get(id)
  }
}
