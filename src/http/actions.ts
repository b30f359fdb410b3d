/**
 * What can be done on the status page: a form each, answered by sending the browser back to the page. That works
 * without a script, and a reload does nothing twice.
 */
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { WindowList } from '../adapters/bullmq/window-list.js'
import { chunked } from '../core/concurrency.js'
import { errorText } from '../core/error-text.js'
import { CaesError } from '../core/errors.js'
import type { Logger } from '../ports/logger.js'
import type { PauseStore } from '../ports/pause.js'
import { failureQuery, outcomeQuery, type Outcome } from './page/notice.js'
import type { ActionName, MayAct } from './permission.js'

export interface ActionDeps {
  readonly windows: Pick<WindowList, 'retry' | 'failedIds' | 'fate'>
  readonly pauses: PauseStore
  /** Names of the pairs of this configuration. */
  readonly pairs: ReadonlySet<string>
  readonly may: MayAct
  /** Called after each action: whoever looks from now on has to see what came of it. */
  readonly onDone: () => void
  readonly logger: Logger
}

interface Done {
  readonly outcome: Outcome
  readonly count?: number
}

const atOnce = 200
/** Far above any form of ours. */
const longestBody = 10_000

/** Routes to be mounted at `/actions`; the page is one level above. */
export const actionRoutes = ({ windows, pauses, pairs, may, onDone, logger }: ActionDeps): Hono => {
  const routes = new Hono()
  routes.use(bodyLimit({ maxSize: longestBody }))

  const action = (
    path: string,
    name: ActionName,
    field: 'window' | 'pair',
    work: (value: string, who: string) => Promise<Done>,
  ): void => {
    routes.post(path, async (context) => {
      const who = may(context, name)
      if (who === undefined) return context.text('This is not allowed to you.\n', 403)
      const value = await readField(context, field)
      if (value === undefined || (field === 'pair' && !pairs.has(value))) {
        return context.text(`There is no such ${field}.\n`, 400)
      }
      return context.redirect(`../${await query({ name, [field]: value, who }, () => work(value, who))}`, 303)
    })
  }

  const query = async (asked: object, work: () => Promise<Done>): Promise<string> => {
    try {
      const { outcome, count = 1 } = await work()
      logger.info({ ...asked, count }, 'asked for on the dashboard')
      return outcomeQuery(outcome, count)
    } catch (error) {
      const code = error instanceof CaesError ? error.code : 'CAES_INTERNAL'
      logger.warn({ ...asked, ...(code === 'CAES_INTERNAL' ? { err: error } : {}) }, `not done: ${errorText(error)}`)
      return failureQuery(code)
    } finally {
      onDone()
    }
  }

  action('/retry', 'retry', 'window', async (id) => {
    const isThere = (await windows.fate(id)) !== 'gone'
    if (isThere) await windows.retry(id)
    return { outcome: 'retried', count: isThere ? 1 : 0 }
  })
  action('/retry-failed', 'retry', 'pair', async (pair) => {
    const ids = await windows.failedIds(pair)
    for (const chunk of chunked(ids, atOnce)) await Promise.all(chunk.map((id) => windows.retry(id)))
    return { outcome: 'retried', count: ids.length }
  })
  action('/pause', 'pause', 'pair', async (pair, who) => {
    await pauses.pause(pair, { since: Date.now(), who })
    return { outcome: 'paused' }
  })
  action('/resume', 'resume', 'pair', async (pair) => {
    await pauses.resume(pair)
    return { outcome: 'resumed' }
  })
  return routes
}

const readField = async (context: Context, field: string): Promise<string | undefined> => {
  const value = (await context.req.parseBody())[field]
  return typeof value === 'string' && value !== '' && value.length < 500 ? value : undefined
}
