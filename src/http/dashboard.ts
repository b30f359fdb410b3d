/** The dashboard: health and metrics, the status page at `/`, the board of the queues at `/board`. */
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { boardPath, boardRoutes, type BoardOptions } from './board.js'
import { guard } from './guard.js'
import type { Health } from './health.js'
import type { Metrics } from './metrics.js'
import { monitorRoutes } from './monitor.js'
import { statusPage, type StatusPageOptions } from './status-page.js'

export interface DashboardOptions {
  /** The address that is listened on, see guard. */
  readonly host: string
  readonly health: Health
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>
  readonly board: BoardOptions
  readonly status: StatusPageOptions
}

export const dashboardApp = ({ host, health, metrics, board, status }: DashboardOptions): Hono => {
  // The board is at `/board` as well as at `/board/`.
  const app = new Hono({ strict: false })
  // Probes and scrapers come by any name and change nothing: they stand before the guard.
  app.route('/', monitorRoutes(health, metrics))
  app.use(guard(host))
  app.route('/', statusPage(status))
  app.use(
    `${boardPath}/*`,
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
  app.route(boardPath, boardRoutes(board))
  return app
}
