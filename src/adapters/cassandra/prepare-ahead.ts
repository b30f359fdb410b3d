/**
 * Preparing a statement before it is needed. The driver prepares on first execution, which would put a round trip
 * between the check of freshness and the sending of a write, and would find a wrong insertQuery only with the first
 * record.
 */
import { CaesError } from '../../core/errors.js'
import type { Session } from './client.js'
import type { DriverType } from './column-type.js'
import { attempt, type Attempt } from './errors.js'

export interface Parameter {
  readonly name: string
  readonly type: DriverType
}

/**
 * Prepares a statement without executing it, and returns its parameters in order.
 *
 * The driver has no call for this alone. It prepares, then encodes the parameters, then sends; NaN fits none of the
 * types that our statements begin with (int, uuid, list), so encoding throws a TypeError and nothing is sent.
 */
export const prepareAhead = async (session: Session, cql: string, what: Attempt): Promise<readonly Parameter[]> =>
  attempt(what, async () => {
    try {
      await session.execute(cql, [Number.NaN], { prepare: true, isIdempotent: true })
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      return parametersOf(session, cql, what)
    }
    throw new CaesError('CAES_INTERNAL', 'the driver sent a statement that was only to be prepared', {
      where: what.where,
    })
  })

/** Present in the driver, absent from its declarations. */
interface PreparedMetadata {
  getPreparedInfo?(
    keyspace: string | undefined,
    cql: string,
  ): { readonly meta?: { readonly columns?: readonly Parameter[] } }
}

const parametersOf = (session: Session, cql: string, what: Attempt): readonly Parameter[] => {
  const columns = (session.metadata as PreparedMetadata).getPreparedInfo?.(session.keyspace, cql).meta?.columns
  if (columns !== undefined) return columns
  throw new CaesError('CAES_INTERNAL', 'this release of cassandra-driver does not tell the types of parameters', {
    where: what.where,
    hint: 'Install the release that package-lock.json names.',
  })
}
