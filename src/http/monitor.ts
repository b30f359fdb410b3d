/** What every process serves, whatever its role: health and metrics. */
import { Hono } from 'hono'
import type { Access } from './access.js'
import { safeHeaders } from './headers.js'
import { healthRoutes, type Health } from './health.js'
import type { Metrics } from './metrics.js'

export const monitorRoutes = (
  health: Health,
  metrics: Pick<Metrics, 'text' | 'contentType'>,
  access: Pick<Access, 'metrics'>,
): Hono => {
  const app = new Hono()
  app.use(safeHeaders)
  app.route('/', healthRoutes(health))
  app.get('/metrics', access.metrics, async (context) =>
    context.body(await metrics.text(), 200, { 'content-type': metrics.contentType }),
  )
  return app
}
