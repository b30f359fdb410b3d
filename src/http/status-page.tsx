/** The routes of the status page. */
import { Hono, type Context } from 'hono'
import { html } from 'hono/html'
import { secureHeaders } from 'hono/secure-headers'
import { overviewOf, type Overview, type Snapshot } from '../sync/read-overview.js'
import type { Remembered } from '../runtime/remembered.js'
import type { WatchedPair } from '../sync/read-status.js'
import { actionRoutes, type ActionDeps } from './actions.js'
import { assetRoutes } from './assets.js'
import type { Visitor } from './permission.js'
import { Document, Live } from './page/document.js'
import { noticeOf } from './page/notice.js'
import { spanOf, spans, type SpanName } from './page/spans.js'

export interface StatusPageOptions extends Pick<ActionDeps, 'windows' | 'pauses' | 'may' | 'logger'> {
  /** Who has logged in; see Auth. */
  readonly visitor: (context: Context) => Visitor | undefined
  readonly pairs: readonly WatchedPair[]
  /** What is known now. Bounded in time, and cheap to ask for however many look at the page. */
  readonly snapshot: Remembered<Snapshot>
  readonly version: string
}

const fresh = { 'cache-control': 'no-store' }

/** To be mounted at `/`. */
export const statusPage = (options: StatusPageOptions): Hono => {
  const { pairs, snapshot, version, may, visitor } = options
  const names = new Set(pairs.map(({ name }) => name))
  const app = new Hono()
  // Nothing but our own files, no script in the page, forms to ourselves only, in nobody's frame.
  const strict = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
    // With no referrer at all, browsers call the origin of our own forms "null", and the guard has to refuse them.
    referrerPolicy: 'same-origin',
    strictTransportSecurity: false,
  })
  for (const path of ['/', '/fragment', '/assets/*', '/actions/*']) app.use(path, strict)

  const read = async (asked: string | undefined): Promise<{ readonly overview: Overview; readonly span: SpanName }> => {
    const seen = await snapshot()
    const span = spanOf(asked, seen.at, seen.done?.completeSince)
    return { span, overview: overviewOf(pairs, seen, spans[span].length) }
  }
  /** Every action needs the same. */
  const mayAct = (context: Context): boolean => may(context, 'retry') !== undefined
  app.get('/', async (context) => {
    const notice = noticeOf(context.req.query())
    const asked = context.req.query('span')
    const page = (
      <Document
        {...await read(asked)}
        isChosen={asked !== undefined}
        version={version}
        visitor={visitor(context)}
        mayAct={mayAct(context)}
        {...(notice === undefined ? {} : { notice })}
      />
    )
    return context.html(html`<!doctype html>${page}`, 200, fresh)
  })
  app.get('/fragment', async (context) =>
    context.html(<Live {...await read(context.req.query('span'))} mayAct={mayAct(context)} />, 200, fresh),
  )
  app.route('/assets', assetRoutes())
  app.route('/actions', actionRoutes({ ...options, pairs: names, onDone: () => snapshot.forget() }))
  return app
}
