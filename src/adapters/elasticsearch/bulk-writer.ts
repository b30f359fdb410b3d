/**
 * Writes documents with their version through `_bulk`, in requests bounded by number and size, a few at a time.
 * Nothing is sent without `maySend`; nothing is left under way behind a failure.
 */
import type { Client, estypes } from '@elastic/elasticsearch'
import { forEachConcurrently } from '../../core/concurrency.js'
import { CaesError } from '../../core/errors.js'
import type { Clock } from '../../ports/clock.js'
import type { DocumentWrite, MaySend, WriteOutcome } from '../../ports/store.js'
import { itemVerdict } from './bulk-item.js'
import type { BulkPace, RequestSize } from './bulk-pace.js'
import { isBusy, isRequestTooLarge, requestError, type Attempt } from './errors.js'
import { roughBytes } from './json-size.js'

export interface BulkLimits {
  readonly maxActions: number
  readonly maxBytes: number
  readonly inFlight: number
  /** How often a record is tried that the server is too busy for. */
  readonly attempts: number
  /** Microseconds before the second attempt; doubled with each further one. */
  readonly backoff: number
  readonly maxBackoff: number
}

export const defaultBulkLimits: BulkLimits = {
  maxActions: 1_000,
  maxBytes: 5e6,
  inFlight: 3,
  attempts: 7,
  backoff: 100_000,
  maxBackoff: 5_000_000,
}

export interface BulkTarget {
  readonly client: Client
  readonly index: string
  readonly attempt: Attempt
  readonly clock: Clock
  /** In [0, 1): spreads retries, so that workers that were refused together do not come back together. */
  readonly random: () => number
  readonly limits: BulkLimits
  readonly pace: BulkPace
  /** What to send for these writes, one action each: called right before they are sent, and again before a retry. */
  readonly actions: (writes: readonly DocumentWrite[], signal: AbortSignal) => Promise<readonly ActionLines[]>
}

/** The lines of one action: what to do, and with what. They are put together only once, for the whole request. */
export type ActionLines = readonly string[]

/** For a primary that is missing: by itself the server waits longer than we wait for its answer. */
const shardWait = '5s'

interface Item {
  /** Index in the writes and in the outcomes. */
  readonly at: number
  readonly write: DocumentWrite
}

interface Action extends Item {
  readonly lines: ActionLines
  readonly bytes: number
}

interface Run {
  readonly target: BulkTarget
  readonly outcomes: (WriteOutcome | undefined)[]
  readonly maySend: MaySend
  readonly signal: AbortSignal
}

export const bulkWrite = async (
  target: BulkTarget,
  writes: readonly DocumentWrite[],
  maySend: MaySend,
  signal: AbortSignal,
): Promise<WriteOutcome[]> => {
  // The first failure ends the waits of the others, and nothing more is sent.
  const halt = new AbortController()
  const outcomes = writes.map((): WriteOutcome | undefined => undefined)
  const run: Run = { target, outcomes, maySend, signal: AbortSignal.any([signal, halt.signal]) }
  // Cut by a rough size, so that few bodies exist at a time; requests are cut again by their true size.
  const batches = sized(
    writes.map((write, at) => ({ at, write, bytes: roughBytes(write.source) })),
    target.pace.size(target.limits),
  )
  await forEachConcurrently(batches, target.limits.inFlight, async (batch) => {
    try {
      await deliver(run, batch)
    } catch (error) {
      halt.abort(error)
      throw error
    }
  })
  return outcomes.map((outcome, at) => outcome ?? missing(target.attempt, writes[at]!.id))
}

/** Sends until every item has its outcome: those that the server is too busy for, again and again, ever later. */
const deliver = async (run: Run, batch: readonly Item[]): Promise<void> => {
  const { target, signal, maySend } = run
  const { attempts, backoff, maxBackoff } = target.limits
  let items = batch
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted()
    if (!maySend()) {
      settle(run, items, { kind: 'unsent' })
      return
    }
    const lines = await target.actions(
      items.map(({ write }) => write),
      signal,
    )
    const actions = items.map((item, position) => actionOf(item, lines[position]!))
    const busy: Item[] = []
    for (const request of sized(actions, target.pace.size(target.limits))) busy.push(...(await send(run, request)))
    if (busy.length === 0) return
    if (attempt >= attempts) throw overloaded(target.attempt, busy.length, attempt)
    const longest = Math.min(maxBackoff, backoff * 2 ** (attempt - 1))
    await target.clock.sleep(longest * (0.5 + target.random() / 2), signal)
    items = busy
  }
}

/** One request, or several where it is too large. Returns the items to try again. */
const send = async (run: Run, actions: readonly Action[]): Promise<Action[]> => {
  const { target } = run
  let answer: BulkAnswer | undefined
  try {
    answer = await target.pace.send(() => sendOnce(run, actions), { inError: isBusy, inAnswer: hasBusy })
  } catch (error) {
    if (isBusy(error)) return [...actions]
    if (isRequestTooLarge(error)) {
      target.pace.refused(actions.reduce((sum, { bytes }) => sum + bytes, 0))
      return await sendSmaller(run, actions)
    }
    throw requestError(error, target.attempt)
  }
  if (answer === undefined) {
    settle(run, actions, { kind: 'unsent' })
    return []
  }
  const items = answer.items ?? []
  if (items.length !== actions.length) throw short(target.attempt, items.length, actions.length)
  const busy: Action[] = []
  const tooLarge: Action[] = []
  let failure: CaesError | undefined
  for (const [position, action] of actions.entries()) {
    const item = items[position]?.index ?? items[position]?.delete
    if (item === undefined) throw short(target.attempt, items.length, actions.length)
    const verdict = itemVerdict(item, target.attempt)
    if (verdict.kind === 'busy') busy.push(action)
    else if (verdict.kind === 'too large') tooLarge.push(action)
    else if (verdict.kind === 'failed') failure ??= verdict.error
    else if (verdict.kind === 'rejected') settle(run, [action], { ...verdict, reason: 'MAPPING' })
    else settle(run, [action], { kind: verdict.kind })
  }
  if (failure !== undefined) throw failure
  if (tooLarge.length > 0) busy.push(...(await sendSmaller(run, tooLarge, actions.length)))
  return busy
}

type BulkAnswer = Partial<estypes.BulkResponse>

/** Undefined where it had become too late while its turn came. */
const sendOnce = async (
  { target, signal, maySend }: Run,
  actions: readonly Action[],
): Promise<BulkAnswer | undefined> => {
  signal.throwIfAborted()
  if (!maySend()) return undefined
  // Not aborted by the signal: whether an aborted write was applied is unknown, and the answer is never far.
  return target.client.bulk<string>({
    index: target.index,
    timeout: shardWait,
    operations: actions.flatMap(({ lines }) => lines),
    filter_path: ['items.*.status', 'items.*.error.type', 'items.*.error.reason'],
  })
}

const hasBusy = (answer: BulkAnswer | undefined): boolean =>
  answer?.items?.some((item) => (item.index ?? item.delete)?.status === 429) === true

/** Halves what was too large together, down to the document that is too large alone. */
const sendSmaller = async (run: Run, actions: readonly Action[], sentTogether = actions.length): Promise<Action[]> => {
  if (sentTogether === 1) {
    settle(run, actions, {
      kind: 'rejected',
      reason: 'MAPPING',
      detail: `document too large (${actions[0]?.bytes} bytes)`,
    })
    return []
  }
  const middle = Math.ceil(actions.length / 2)
  const first = await send(run, actions.slice(0, middle))
  return middle === actions.length ? first : [...first, ...(await send(run, actions.slice(middle)))]
}

const settle = ({ outcomes }: Run, items: readonly Item[], outcome: WriteOutcome): void => {
  for (const { at } of items) outcomes[at] = outcome
}

const actionOf = ({ at, write }: Item, lines: ActionLines): Action => {
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0)
  return { at, write, lines, bytes }
}

/** Applied only over an older version. */
export const indexAction = ({ id, version }: DocumentWrite, body: string): ActionLines => [
  JSON.stringify({ index: { _id: id, version, version_type: 'external' } }),
  body,
]

/** Applied over the same version too; of a document that is not there the version is noted. */
export const deleteAction = ({ id, version }: Pick<DocumentWrite, 'id' | 'version'>): ActionLines => [
  JSON.stringify({ delete: { _id: id, version, version_type: 'external_gte' } }),
]

const sized = <T extends { readonly bytes: number }>(
  items: readonly T[],
  { maxActions, maxBytes }: RequestSize,
): T[][] => {
  const groups: T[][] = []
  let bytes = 0
  for (const item of items) {
    const group = groups.at(-1)
    if (group === undefined || group.length >= maxActions || bytes + item.bytes > maxBytes) {
      groups.push([item])
      bytes = item.bytes
    } else {
      group.push(item)
      bytes += item.bytes
    }
  }
  return groups
}

const overloaded = ({ doing, where }: Attempt, records: number, attempts: number): CaesError =>
  new CaesError(
    'CAES_ELASTICSEARCH_OVERLOADED',
    `Elasticsearch was too busy for ${records} records ${attempts} times while ${doing}`,
    { where, hint: 'Lower worker.concurrency, or give it more resources; the window is tried again.' },
  )

const short = ({ doing, where }: Attempt, items: number, actions: number): CaesError =>
  new CaesError(
    'CAES_ELASTICSEARCH_INCOMPLETE',
    `Elasticsearch gave ${items} answers for ${actions} records while ${doing}`,
    { where, hint: 'Check that the address leads to Elasticsearch itself; the window is tried again.' },
  )

const missing = ({ where }: Attempt, id: string): never => {
  throw new CaesError('CAES_INTERNAL', `the write of ${id} has no outcome`, { where })
}
