/** What every process serves, whatever its role: health and metrics. */
import { Hono } from 'hono'
import { healthRoutes, type Health } from './health.js'
import type { Metrics } from './metrics.js'

export const monitorRoutes = (health: Health, metrics: Pick<Metrics, 'text' | 'contentType'>): Hono => {
  const app = new Hono()
  app.route('/', healthRoutes(health))
  app.get('/metrics', async (context) =>
    context.body(await metrics.text(), 200, { 'content-type': metrics.contentType }),
  )
  return app
}
