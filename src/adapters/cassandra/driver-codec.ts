import type { CanonicalValue } from '../../core/record.js'

/** Both ways between the driver's values of one type and canonical form, for values that are there. */
export interface DriverCodec {
  readonly from: (value: unknown) => CanonicalValue
  /** A parameter that the driver can bind, at any depth. Where it would lose something, the bytes themselves. */
  readonly to: (value: CanonicalValue) => unknown
}
