import type { Rules } from '../../src/core/rules.js'

/** In microseconds. */
export const second = 1_000_000

/** The defaults of the configuration. */
export const rules: Rules = {
  unit: 's',
  labels: 'entries',
  settle: 2 * second,
  overlap: 20 * second,
  freshness: 5 * second,
  maxFuture: 3600 * second,
  direction: 'both',
  nulls: 'needed',
}
