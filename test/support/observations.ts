/** Short ways to write down what a sync has read of one id. */
import type { Observation } from '../../src/core/decide.js'
import type { Document, Row } from '../../src/core/record.js'
import { micros } from '../../src/core/version.js'
import { rules, second } from './default-rules.js'

export { rules, second }

/** A version that is a time, and the write time of a cell `after` seconds later. */
export const v0 = 1_700_000_000
export const at = (version: number, after = 0): number => micros(version, 's') + after * second

type Values = Record<string, string | number>
const fieldsOf = (values: Values) => new Map(Object.entries(values))

export const document = (version: number, values: Values): Document => ({ version, fields: fieldsOf(values) })
export const row = (values: Values, writeTime?: number): Row => ({ fields: fieldsOf(values), writeTime })

export const seen = (what: Partial<Observation>): Observation => ({
  id: 'ed31ee76-d49a-4c05-8f0a-6a856a94de8e',
  document: undefined,
  label: undefined,
  row: undefined,
  labelReadAt: at(v0, 5),
  ...what,
})
