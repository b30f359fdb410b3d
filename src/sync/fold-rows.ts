/**
 * The rows of a comparison by digests: each is read once and folded into a sketch of their own, with the sign −1. Nothing
 * of the other side is needed for it, so whoever compares may have it done elsewhere.
 */
import { forEachConcurrently } from '../core/concurrency.js'
import { labelOf } from '../core/label.js'
import type { Row } from '../core/record.js'
import { recordDigest } from '../core/record-digest.js'
import type { Rules } from '../core/rules.js'
import type { RowPart } from '../core/run-part.js'
import { Sketch } from '../core/sketch.js'
import type { Version } from '../core/version.js'
import { openRunLabels } from './run-labels.js'
import type { ScannablePair } from './pair.js'

export interface FoldingRows {
  readonly parts: readonly RowPart[]
  /** Of the sketch; only tests have a use for small ones. */
  readonly cells: number | undefined
  readonly onRead: (records: number) => void
  readonly signal: AbortSignal
}

/** Resolves to the bytes of the sketch. Errors: those of the store. */
export type FoldRows = (folding: FoldingRows) => Promise<Uint8Array>

/** Parts that are read at a time, of each side. */
export const partsAtOnce = 2

/** @param side of a pair with the rules of a comparison of everything */
export const foldRowsOf =
  (side: Pick<ScannablePair, 'rules' | 'rows' | 'clock'>): FoldRows =>
  async ({ parts, cells, onRead, signal }) => {
    const { rules, rows } = side
    const sketch = new Sketch(cells)
    const versionOf = countsVersions(rules) ? await versionsOfRows(side, signal) : () => undefined
    await forEachConcurrently(parts, partsAtOnce, async (part) => {
      for await (const page of rows.scan(part, signal, { writeTimes: countsVersions(rules) })) {
        for (const [id, row] of page) sketch.add(id, recordDigest(versionOf(id, row), row.fields, rows.columns), -1)
        onRead(page.size)
      }
    })
    return sketch.bytes
  }

/** Whether digests hold the version. Without write times that of a row cannot be told in passing: entries expire. */
export const countsVersions = ({ labels }: Rules): boolean => labels === 'write-times'

const versionsOfRows = async (side: Parameters<typeof foldRowsOf>[0], signal: AbortSignal) => {
  const { rules, clock } = side
  const labels = await openRunLabels(side, 0, signal)
  return (id: string, row: Row): Version | undefined => {
    const label = labelOf(rules, { id, document: undefined, label: labels.get(id), row, labelReadAt: clock.now() })
    return typeof label === 'object' ? undefined : label
  }
}
