/** The dashboard: health and metrics, the status page at `/`, the board of the queues at `/board`. */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import { errorText } from '../core/error-text.js'
import { printable } from '../core/printable.js'
import type { Access } from './access.js'
import { boardPath, boardRoutes, type BoardOptions } from './board.js'
import { guard } from './guard.js'
import { safeHeaders } from './headers.js'
import type { Health } from './health.js'
import type { Metrics } from './metrics.js'
import { monitorRoutes } from './monitor.js'
import { statusPage, type StatusPageOptions } from './status-page.js'

export interface DashboardOptions {
  /** The address that is listened on, see guard. */
  readonly host: string
  readonly health: Health
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>
  readonly access: Access
  readonly board: BoardOptions
  readonly status: StatusPageOptions
}

/** The largest that anybody sends: the data of a job. */
const longestBody = 200_000

const loginHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
  },
  // With no referrer at all, browsers call the origin of our own form "null", and the guard has to refuse it.
  referrerPolicy: 'same-origin',
  strictTransportSecurity: false,
})

export const dashboardApp = ({ host, health, metrics, access, board, status }: DashboardOptions): Hono => {
  // The board is at `/board` as well as at `/board/`.
  const app = new Hono({ strict: false })
  app.use(safeHeaders)
  app.onError((error, context) => {
    if (error instanceof HTTPException) return error.getResponse()
    status.logger.warn({ path: printable(context.req.path) }, `an answer of the dashboard failed: ${errorText(error)}`)
    return context.text('This did not work; the log says why.\n', 500)
  })
  // Probes and scrapers come by any name and change nothing: they stand before the guard.
  app.route('/', monitorRoutes(health, metrics, access))
  app.use(guard(host))
  app.use(bodyLimit({ maxSize: longestBody }))
  // Before everything else there is, so that a route of tomorrow is guarded too.
  app.use(access.auth.check)
  app.use('/login', loginHeaders)
  app.route('/', access.auth.routes)
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
  const { may, prefix } = access.auth
  app.route(boardPath, boardRoutes(board, { mayAct: (context) => may(context, 'retry') !== undefined, prefix }))
  return app
}
