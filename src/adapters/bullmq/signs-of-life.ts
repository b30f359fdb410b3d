/** When each job under way last gave a sign of life: it was started, or its lock was renewed. */

export interface SignsOfLife {
  started(jobId: string | undefined): void
  renewed(jobIds: readonly string[]): void
  ended(jobId: string | undefined): void
  /** Milliseconds since the sign of the job that has been silent for longest; 0 when none is under way. */
  oldest(): number
  /** How many are under way. */
  count(): number
}

export const signsOfLife = (now: () => number = () => performance.now()): SignsOfLife => {
  const signs = new Map<string, number>()
  return {
    started: (jobId = '') => void signs.set(jobId, now()),
    renewed: (jobIds) => {
      for (const jobId of jobIds) if (signs.has(jobId)) signs.set(jobId, now())
    },
    ended: (jobId = '') => void signs.delete(jobId),
    count: () => signs.size,
    oldest: () => Math.max(0, ...[...signs.values()].map((sign) => now() - sign)),
  }
}
