/** Bull Board over the queues, with names a person can read and retries that give a window all its attempts back. */
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { HonoAdapter } from '@bull-board/hono'
import { serveStatic } from '@hono/node-server/serve-static'
import type { Job, Queue } from 'bullmq'
import { Hono, type Context } from 'hono'
import { beginAnew } from '../adapters/bullmq/begin-anew.js'
import { partJobName, type PartJobResult } from '../adapters/bullmq/part-job.js'
import { rejectJobName } from '../adapters/bullmq/reject-job.js'
import { windowJobOf } from '../adapters/bullmq/window-job.js'
import type { WindowReport } from '../core/report.js'
import type { Unit } from '../core/version.js'
import { partLabel, windowLabel } from '../core/window-label.js'

export interface BoardOptions {
  readonly windows: Queue
  readonly parts: Queue
  readonly rejects: Queue
  readonly ticks: Queue
  /** Units by pair; a pair that is not there is shown in plain numbers. */
  readonly units: ReadonlyMap<string, Unit>
}

/** Where the board is. */
export const boardPath = '/board'

export interface BoardAccess {
  /** Whether who asks may do more than look. */
  readonly mayAct: (context: Context) => boolean
  /** See prefix.ts. */
  readonly prefix: (context: Context) => string
}

/** Routes of the board, to be mounted there. Who may only look gets one without buttons. */
export const boardRoutes = (options: BoardOptions, { mayAct, prefix }: BoardAccess): Hono => {
  // It is asked as a whole, by the whole path.
  const looking = new Hono({ strict: false }).route(boardPath, boardOf(options, true))
  const board = new Hono()
  board.use(async (context, next) => {
    await next()
    const below = prefix(context)
    const type = context.res.headers.get('content-type') ?? ''
    if (below === '' || !type.startsWith('text/html')) return
    const page = await context.res.text()
    context.res = new Response(movedBelow(below, page), context.res)
  })
  board.use(async (context, next) => (mayAct(context) ? next() : looking.fetch(context.req.raw, context.env)))
  return board.route('/', boardOf(options, false))
}

const statusLink = { text: 'Status', url: '/' }

/** The page names its own place, from which its scripts go on, and ours. */
const movedBelow = (prefix: string, page: string): string =>
  page
    .replace(/<base href="(?=\/)/, `<base href="${prefix}`)
    .replace(JSON.stringify(statusLink), JSON.stringify({ ...statusLink, url: `${prefix}/` }))

const boardOf = ({ windows, parts, rejects, ticks, units }: BoardOptions, readOnlyMode: boolean): Hono => {
  const windowsAdapter = new RetryingAdapter(windows, {
    readOnlyMode,
    displayName: 'Windows',
    description: 'Ranges of versions, one job each. A failed one holds the watermark until it is retried.',
  })
  windowsAdapter.setFormatter('name', (job: NamedJob) => windowJobName(job, units))
  const partsAdapter = new RetryingAdapter(parts, {
    readOnlyMode,
    displayName: 'Parts',
    description: 'Parts of backfills and reconciliations, which read everything. What is done stays done.',
  })
  partsAdapter.setFormatter('name', ({ data, name, returnvalue }: PartJob) => partJobName(data, name, returnvalue))
  // Plain: a retry is known by the attempts that were started before it.
  const rejectsAdapter = new BullMQAdapter(rejects, {
    readOnlyMode,
    displayName: 'Rejects',
    description: 'Records that were set aside, with the reason. They block nothing; Retry syncs one of them again.',
  })
  rejectsAdapter.setFormatter('name', ({ data, name }: RejectJob) => rejectJobName(data, name))
  const ticksAdapter = new BullMQAdapter(ticks, {
    displayName: 'Ticks',
    description: 'Wake the planner; missing ones are made up for.',
    readOnlyMode: true,
  })
  const server = new HonoAdapter(serveStatic).setBasePath(boardPath)
  createBullBoard({
    queues: [windowsAdapter, partsAdapter, rejectsAdapter, ticksAdapter],
    serverAdapter: server,
    options: {
      // Found from here: by itself the board looks it up with eval, which depends on how it was loaded.
      uiBasePath: dirname(createRequire(import.meta.url).resolve('@bull-board/ui/package.json')),
      uiConfig: { boardTitle: 'caes-sync', hideDocsLink: true, miscLinks: [statusLink] },
    },
  })
  return server.registerPlugin()
}

interface PartJob {
  readonly name: string
  readonly data?: unknown
  readonly returnvalue?: PartJobResult
}

interface RejectJob {
  readonly name: string
  readonly data?: Parameters<typeof rejectJobName>[0]
}

/** What the name of a window's job is made of. */
export interface NamedJob {
  readonly name: string
  readonly data?: unknown
  readonly returnvalue?: WindowReport | null
}

/**
 * `default · 2015-03-25T04:30:00Z … 04:31:00Z · 3 → Elasticsearch, 0 → Cassandra, 12 unchanged`, and where the window
 * was divided into how many parts, or which of them it is.
 */
export const windowJobName = ({ name, data, returnvalue }: NamedJob, units: ReadonlyMap<string, Unit>): string => {
  const job = windowJobOf(data)
  if (job === undefined) return name
  const { pair, window, part, parts } = job
  const unit = units.get(pair)
  const words = [pair, windowLabel(window, unit)]
  if (part !== undefined) words.push(partLabel(part, unit))
  if (parts !== undefined) words.push(`${parts.length} parts`)
  return [...words, ...counts(returnvalue)].join(' · ')
}

const counts = (report: WindowReport | null | undefined): string[] => {
  if (report?.written === undefined) return []
  const { written, unchanged, ties, rejected } = report
  const parts = [
    `${written.elasticsearch} → Elasticsearch`,
    `${written.cassandra} → Cassandra`,
    `${unchanged} unchanged`,
  ]
  if (ties > 0) parts.push(`${ties} ties`)
  if (rejected > 0) parts.push(`${rejected} rejected`)
  return [parts.join(', ')]
}

/** What is retried on the board begins anew, as everywhere. */
class RetryingAdapter extends BullMQAdapter {
  override async getJob(id: string): Promise<Job | undefined> {
    const job = await super.getJob(id)
    return job === undefined ? undefined : beginningAnew(job)
  }

  override async getJobs(...query: Parameters<BullMQAdapter['getJobs']>): Promise<Job[]> {
    return (await super.getJobs(...query)).map(beginningAnew)
  }
}

const beginningAnew = (job: Job): Job => {
  const retry = job.retry.bind(job)
  job.retry = (state) => beginAnew({ retry }, state)
  return job
}
