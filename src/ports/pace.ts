/** Holds up work that is to leave the stores room for others: resolves once so many more records may be read. */
export type Pace = (records: number, signal: AbortSignal) => Promise<void>
