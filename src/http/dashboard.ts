/** The dashboard: health and metrics, then the board at `/`. */
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { boardRoutes, type BoardOptions } from './board.js'
import { guard } from './guard.js'
import type { Health } from './health.js'
import type { Metrics } from './metrics.js'
import { monitorRoutes } from './monitor.js'

export interface DashboardOptions extends BoardOptions {
  /** The address that is listened on, see guard. */
  readonly host: string
  readonly health: Health
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>
}

export const dashboardApp = ({ host, health, metrics, ...board }: DashboardOptions): Hono => {
  const app = new Hono()
  // Probes and scrapers come by any name and change nothing: they stand before the guard.
  app.route('/', monitorRoutes(health, metrics))
  app.use(guard(host))
  app.use(
    secureHeaders({
      // The page links fonts of a third party; it does well without, and nobody learns who looks at it.
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        workerSrc: ["'self'", 'blob:'],
        frameAncestors: ["'none'"],
        baseUri: ["'self'"],
      },
      strictTransportSecurity: false,
    }),
  )
  app.route('/', boardRoutes(board))
  return app
}
