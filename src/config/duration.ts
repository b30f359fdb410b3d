/** Spans of time as people write them: `500ms`, `2s`, `5m`, `1h`, or a plain number of seconds. */

const millisecondsPer = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const

export const durationPattern = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)?$/

/** Milliseconds, rounded to whole ones, or undefined when the text is no duration. */
export const parseDuration = (written: string | number): number | undefined => {
  if (typeof written === 'number')
    return Number.isFinite(written) && written >= 0 ? Math.round(written * 1000) : undefined
  const [, amount, unit] = durationPattern.exec(written.trim()) ?? []
  if (amount === undefined) return undefined
  return Math.round(Number(amount) * millisecondsPer[(unit ?? 's') as keyof typeof millisecondsPer])
}

/** The shortest exact form that `parseDuration` reads back. */
export const formatDuration = (milliseconds: number): string => {
  if (milliseconds === 0) return '0s'
  for (const unit of ['h', 'm', 's'] as const) {
    if (milliseconds % millisecondsPer[unit] === 0) return `${milliseconds / millisecondsPer[unit]}${unit}`
  }
  return `${milliseconds}ms`
}
