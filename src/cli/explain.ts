/** `caes-sync explain ID`: what both sides hold of one record, which window carries it, and what comes next. */
import { openRedis } from '../adapters/bullmq/connection.js'
import { createRejectQueue, type KeptReject } from '../adapters/bullmq/reject-queue.js'
import { createWindowList } from '../adapters/bullmq/window-list.js'
import { stringifyExactJson } from '../adapters/elasticsearch/exact-json.js'
import { connectPair, connections, pairRules, progressReaders } from '../compose.js'
import type { Config, PairConfig } from '../config/config.js'
import { redisEndpoint } from '../connection-options.js'
import { CaesError, exitCode } from '../core/errors.js'
import { noWindows, type OpenWindows } from '../core/pair-status.js'
import { windowStep } from '../core/progress.js'
import { overlapUnits } from '../core/rules.js'
import { versionAt } from '../core/version.js'
import { isReadAgain, windowOf, type WindowPlace } from '../core/window-of.js'
import { systemClock } from '../runtime/clock.js'
import { explainRecord, type RecordStory } from '../sync/explain-record.js'
import { choosePairs } from './choose-pairs.js'
import { describeStory, storyData } from './explain-text.js'
import { describeFailure } from './failure.js'
import type { GlobalOptions } from './global-options.js'
import { interruptible } from './interruptible.js'
import { escapedJson } from './json-line.js'
import { redisLimitMs, withSession, type Session } from './session.js'

export interface ExplainOptions {
  readonly pair?: string
}

/** The story with what the queue and the pair's progress add to it; undefined is not known. */
export interface WholeStory extends RecordStory {
  readonly unit: PairConfig['sync']['unit']
  /** Undefined also for a record without a version, and for a pair that never ran. */
  readonly window: WindowPlace | undefined
  readonly readAgain: boolean | undefined
  readonly isDelete: boolean
  /** As the list of rejects has it. */
  readonly setAside: readonly KeptReject[] | undefined
}

export const explain = (id: string, options: ExplainOptions, global: GlobalOptions): Promise<number> =>
  interruptible((signal) =>
    withSession(global, async (session) => {
      const pairs = choosePairs(session.config.pairs, options.pair)
      const shared = connections(session.logger, session.releases)
      const queue = await readQueue(session, id, global)
      const progress = progressReaders(pairs, shared)
      const stories: WholeStory[] = []
      for (const config of pairs) {
        const pair = await connectPair(config, shared)
        const story = await explainRecord(pair, id, signal)
        const checkpoint = await progress.checkpoints.read(config.name)
        const open = queue === undefined ? undefined : (queue.open.get(config.name) ?? noWindows)
        stories.push({
          ...story,
          unit: config.sync.unit,
          isDelete: isDelete(story, config),
          ...placed(story, config, session.config, checkpoint?.progress, open),
          setAside: queue?.rejects.filter(({ pair }) => pair === config.name),
        })
      }
      const known = stories.filter(isKnown)
      // Of several pairs only those that have it are of interest.
      print(known.length > 0 ? known : stories, global)
      return known.length > 0 ? exitCode.done : exitCode.failed
    }),
  )

const isKnown = ({ document, row, entries, setAside }: WholeStory): boolean =>
  document !== undefined || row !== undefined || entries.length > 0 || (setAside ?? []).length > 0

interface QueueReading {
  readonly open: ReadonlyMap<string, OpenWindows>
  readonly rejects: readonly KeptReject[]
}

/** The story is worth telling without it: what is missing is said on stderr. */
const readQueue = async (
  { config, logger, releases }: Session,
  id: string,
  global: GlobalOptions,
): Promise<QueueReading | undefined> => {
  try {
    const link = openRedis(redisEndpoint(config.redis), 'producer', 'caes-sync explain', logger)
    releases.add('redis', () => link.close())
    await link.untilReadyOrRefused(redisLimitMs)
    const { prefix } = config.redis
    const windows = createWindowList(link, prefix)
    releases.add('windows', () => windows.close())
    const rejects = createRejectQueue(link, logger, { prefix })
    releases.add('reject queue', () => rejects.close())
    const kept = await rejects.list()
    return { open: await windows.openByState(), rejects: kept.filter(({ reject }) => reject.id === id) }
  } catch (error) {
    if (!(error instanceof CaesError)) throw error
    process.stderr.write(`${describeFailure(error, global.json === true).text}\n`)
    return undefined
  }
}

const placed = (
  { version }: RecordStory,
  pair: PairConfig,
  config: Config,
  progress: Parameters<typeof windowOf>[1] | undefined,
  open: OpenWindows | undefined,
): Pick<WholeStory, 'window' | 'readAgain'> => {
  if (version === undefined || progress === undefined || open === undefined)
    return { window: undefined, readAgain: undefined }
  const rules = pairRules(pair)
  const until = versionAt(systemClock.now() - rules.settle, rules.unit)
  return {
    window: windowOf(version, progress, open, windowStep(config.intervalSeconds * 1_000_000, rules.unit), until),
    readAgain: isReadAgain(version, progress, open, overlapUnits(rules)),
  }
}

/** Whether the newest state says that the record is deleted. */
const isDelete = ({ document, row, version, fields }: RecordStory, { sync }: PairConfig): boolean => {
  const field = fields.find(({ name }) => name === sync.deletes?.field)
  const fromDocument = document !== undefined && (document.version === version || row === undefined)
  return (fromDocument ? field?.elasticsearch : field?.cassandra) === true
}

const print = (stories: readonly WholeStory[], global: GlobalOptions): void => {
  if (global.json === true) {
    for (const story of stories) process.stdout.write(`${escapedJson(stringifyExactJson(storyData(story)))}\n`)
    return
  }
  const width = process.stdout.isTTY ? process.stdout.columns : undefined
  process.stdout.write(stories.map((story) => describeStory(story, width)).join('\n'))
}
