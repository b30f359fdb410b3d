/**
 * Liveness and readiness of the parts that run in this process. Alive means that work moves: a store that is down or
 * a growing lag is a reason not to be ready, never a reason to be restarted.
 */
import { Hono } from 'hono'
import { errorText } from '../core/error-text.js'
import { settledWithin } from '../runtime/within.js'

/** Why a part is not alive, or not ready; undefined when it is. */
export type Fault = string | undefined

export interface HealthChecks {
  readonly alive?: () => Fault
  readonly ready?: () => Fault | Promise<Fault>
}

export interface FoundFault {
  readonly part: string
  readonly reason: string
}

export interface Health {
  /** Adds a part; the result takes it away again. */
  add(part: string, checks: HealthChecks): () => void
  alive(): readonly FoundFault[]
  ready(): Promise<readonly FoundFault[]>
}

/** A readiness check that takes longer counts as not ready. */
const checkLimitMs = 2_000

const withReason = (part: string, reason: Fault): FoundFault[] => (reason === undefined ? [] : [{ part, reason }])

export const createHealth = (): Health => {
  const parts = new Set<{ part: string; checks: HealthChecks }>()
  return {
    add: (part, checks) => {
      const entry = { part, checks }
      parts.add(entry)
      return () => parts.delete(entry)
    },
    alive: () => [...parts].flatMap(({ part, checks }) => withReason(part, checks.alive?.())),
    ready: async () => {
      const found = await Promise.all(
        [...parts].map(async ({ part, checks }) => withReason(part, await readyFault(checks))),
      )
      return found.flat()
    },
  }
}

const readyFault = async ({ ready }: HealthChecks): Promise<Fault> => {
  let fault: Fault
  const checked = (async () => {
    fault = await ready?.()
  })()
  try {
    return (await settledWithin(checked, checkLimitMs)) ? fault : `no answer within ${checkLimitMs} ms`
  } catch (error) {
    return errorText(error)
  }
}

const answer = (faults: readonly FoundFault[]) => ({ ok: faults.length === 0, faults })

/** `/healthz` and `/readyz`: 200 or 503, and `{ "ok", "faults": [{ "part", "reason" }] }`. */
export const healthRoutes = (health: Health): Hono => {
  const routes = new Hono()
  routes.get('/healthz', (context) => {
    const body = answer(health.alive())
    return context.json(body, body.ok ? 200 : 503)
  })
  routes.get('/readyz', async (context) => {
    const body = answer(await health.ready())
    return context.json(body, body.ok ? 200 : 503)
  })
  return routes
}
