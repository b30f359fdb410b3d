/** How long to wait before trying again. */

export interface Pauses {
  readonly firstMs: number
  readonly longestMs: number
}

/**
 * The pause after so many failures in a row, counted from 1: it doubles each time, up to the longest. Half of it is
 * random, so that those who failed together do not come back together.
 * @param random in [0, 1)
 */
export const pauseAfter = (failures: number, { firstMs, longestMs }: Pauses, random: number): number =>
  // The exponent is bounded so that no number of failures makes it infinite.
  Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30)) * (0.5 + random / 2)
