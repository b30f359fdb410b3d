/** When a purge may be configured. */
import { formatDuration } from './duration.js'
import { nodeAt, type Node, type Path } from './nodes.js'
import { locate } from './positions.js'
import type { Findings } from './problems.js'
import { isWritten, span, word, type Setting } from './settings.js'

/** All waits between the attempts of one window. */
const retriesOf = (attempts: number, backoff: number): number => backoff * (2 ** (attempts - 1) - 1)

export const purgeIsLate = (root: Node, base: Path, { problems }: Findings): void => {
  const purgeAfter = purgeAfterAt(root, base)
  if (purgeAfter === undefined) return
  const ofSync = (key: string) => span(root, [...base, 'sync', key], ['sync', key])
  const [overlap, ttl] = [ofSync('overlap'), span(root, [...base, 'CassandraConfig', 'ttl'])]
  const [attempts, backoff] = ['attempts', 'backoff'].map((key) => span(root, ['worker', key]))
  if (!overlap || !ttl || !attempts || !backoff) return
  const retries = retriesOf(attempts.value, backoff.value)
  const longest = overlap.value + ttl.value + retries
  if (purgeAfter.value > longest) return
  const parts = `${shown(overlap)}, ${shown(ttl)} and the retries of a window (${formatDuration(retries)})`
  problems.push({
    at: locate(root, purgeAfter.path),
    what: `${shown(purgeAfter)} must be longer than ${parts} together, which is ${formatDuration(longest)}`,
    hint: `purgeAfter: ${Math.floor(longest / 3_600_000) + 1}h or longer`,
  })
}

/** A purge removes from both stores, and a one-way pair writes to one. */
export const purgeGoesBothWays = (root: Node, base: Path, { problems }: Findings): void => {
  const purgeAfter = purgeAfterAt(root, base)
  const direction = word(root, [...base, 'sync', 'direction'], ['sync', 'direction'])
  if (purgeAfter === undefined || direction === undefined || direction.value === 'both') return
  problems.push({
    at: locate(root, purgeAfter.path),
    what: `${purgeAfter.label} removes from both stores, but ${direction.label} is "${direction.value}"`,
    hint: 'direction: both, or no purgeAfter',
  })
}

/** A pair's own block replaces that of the top level as a whole. */
const purgeAfterAt = (root: Node, base: Path): Setting<number> | undefined => {
  const own = [...base, 'sync', 'deletes']
  const block = isWritten(nodeAt(root, own)) ? own : ['sync', 'deletes']
  return span(root, [...block, 'purgeAfter'])
}

const shown = ({ label, value }: Setting<number>): string => `${label} (${formatDuration(value)})`
