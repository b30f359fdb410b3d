/**
 * Copies whole documents from index to index with their versions: nothing newer is overwritten, and fields that the sync
 * does not know come along. What was written after a copy is found by the numbers that shards give to writes.
 */
import type { Client, estypes } from '@elastic/elasticsearch'
import { forEachConcurrently } from '../../core/concurrency.js'
import { CaesError } from '../../core/errors.js'
import { cutSequence } from '../../core/run-part.js'
import type { Clock } from '../../ports/clock.js'
import type { Copied, CopyOptions, IndexMove, MoveState } from '../../ports/index-move.js'
import type { DocumentScan } from '../../ports/scan.js'
import type { DocumentWrite, StoredDocument, WriteOutcome } from '../../ports/store.js'
import { asked } from './asked.js'
import { createBulkPace } from './bulk-pace.js'
import { bulkWrite, defaultBulkLimits, indexAction, type ActionLines } from './bulk-writer.js'
import { describeNodes } from './client.js'

export interface IndexMoveOptions {
  readonly client: Client
  readonly alias: string
  readonly target: string
  readonly clock: Clock
  /** Reads an index, every field of it. */
  readonly scanOf: (index: string) => DocumentScan
}

/** The key of ours in `_meta` of the new index. */
const metaKey = 'caes_sync_move'
/** Documents after which it is noted how far the copy has come. */
const partSize = 25_000
/** While one page is written the next is read. */
const pagesUnderWay = 2

export class ElasticsearchIndexMove implements IndexMove {
  readonly alias: string
  readonly target: string
  readonly #options: IndexMoveOptions
  readonly #client: Client
  readonly #where: string
  readonly #pace = createBulkPace()

  constructor(options: IndexMoveOptions) {
    this.#options = options
    this.alias = options.alias
    this.target = options.target
    this.#client = options.client
    this.#where = `alias "${options.alias}" at ${describeNodes(options.client)}`
  }

  async current(signal: AbortSignal): Promise<string> {
    return (await this.#aliased(signal)).index
  }

  async state(signal: AbortSignal): Promise<MoveState | undefined> {
    return (await this.#meta(signal))[metaKey] as MoveState | undefined
  }

  async remember(state: MoveState, signal: AbortSignal): Promise<void> {
    const meta = await this.#meta(signal)
    await this.#ask('noting how far the move has come', signal, () =>
      this.#client.indices.putMapping({ index: this.target, _meta: { ...meta, [metaKey]: state } }, { signal }),
    )
  }

  async copy(source: string, from: number, options: CopyOptions): Promise<Copied> {
    const { onProgress, onCopied, signal } = options
    // Read before the view is opened: what is numbered below it is found.
    const next = await this.#firstMissing(source, signal)
    const scan = this.#options.scanOf(source)
    const cuts = next - from > partSize ? (await scan.parts(partSize, signal)).map((part) => part.from) : []
    const parts = cutSequence([from, ...cuts.filter((cut) => cut > from && cut < next)])
    // Of numbers that were given some belong to documents that have been written again.
    const total = onProgress === undefined ? 0 : Math.min(next - from, await scan.count(signal))
    let moved = 0
    let done = 0
    for (const part of parts.filter((each) => each.from >= from)) {
      await forEachConcurrently(scan.scan(part, signal), pagesUnderWay, async (page) => {
        await options.pace?.(page.length, signal)
        moved += await this.#write(page, signal)
        done += page.length
        onProgress?.(done, total)
      })
      await onCopied?.(Math.min(part.to ?? next, next))
    }
    return { moved, next }
  }

  async switch(source: string, signal: AbortSignal): Promise<void> {
    const { index, properties } = await this.#aliased(signal)
    if (index !== source) throw this.#mismatch(`stands for "${index}" and no longer for "${source}"`, 'Start anew.')
    const { alias, target } = this
    await this.#ask('switching the alias', signal, () =>
      this.#client.indices.updateAliases(
        {
          actions: [
            { remove: { index: source, alias, must_exist: true } },
            { add: { index: target, alias, ...properties } },
          ],
        },
        { signal },
      ),
    )
  }

  async refuseWrites(source: string, signal: AbortSignal): Promise<void> {
    const answer = await this.#ask('closing the old index for writing', signal, () =>
      this.#client.indices.addBlock({ index: source, block: 'write' }, { signal }),
    )
    // Of an index that is closed already it names none, and no shards.
    if (answer.acknowledged && (answer.shards_acknowledged || answer.indices.length === 0)) return
    throw this.#incomplete(`has shards of "${source}" that may still take writes`)
  }

  async #aliased(signal: AbortSignal): Promise<{ readonly index: string; readonly properties: estypes.IndicesAlias }> {
    const found = await this.#ask('looking at the alias', signal, () =>
      this.#client.indices.getAlias({ name: this.alias }, { signal, ignore: [404] }),
    )
    // 404 comes as a body.
    const [entry, ...others] = 'error' in found ? [] : Object.entries(found)
    if (entry === undefined) {
      throw this.#mismatch(
        'is not an alias',
        `Only what an alias stands for can be switched. Make one, and use it in ElasticSearchConfig.index and in all applications: POST /_aliases {"actions":[{"add":{"index":"${this.alias}","alias":"${this.alias}-live"}}]}`,
      )
    }
    if (others.length > 0) throw this.#mismatch('stands for several indices', 'It has to stand for one.')
    const [index, { aliases }] = entry
    return { index, properties: aliases[this.alias] ?? {} }
  }

  async #meta(signal: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    const found = await this.#ask('looking at the new index', signal, () =>
      this.#client.indices.getMapping({ index: this.target }, { signal }),
    )
    const own = found[this.target]
    if (own !== undefined) return own.mappings._meta ?? {}
    throw new CaesError('CAES_SCHEMA_MISMATCH', `"${this.target}" is an alias`, {
      where: this.#where,
      hint: 'Name the new index itself.',
    })
  }

  /** The smallest number that a shard has not given away, or whose write is not done. */
  async #firstMissing(index: string, signal: AbortSignal): Promise<number> {
    const stats = await this.#ask('looking at the shards', signal, () =>
      this.#client.indices.stats({ index, level: 'shards' }, { signal }),
    )
    const copies = Object.values(stats.indices?.[index]?.shards ?? {}).flat()
    const primaries = copies.filter(({ routing }) => routing?.primary === true)
    const checkpoints = primaries.flatMap(({ seq_no: numbers }) => (numbers === undefined ? [] : [numbers]))
    if (checkpoints.length === 0 || checkpoints.length < primaries.length || (stats._shards.failed ?? 0) > 0) {
      throw this.#incomplete(`does not tell of all shards of "${index}" how far they are`)
    }
    return 1 + Math.min(...checkpoints.map(({ local_checkpoint: checkpoint }) => checkpoint))
  }

  /** How many of them the new index did not have, or had older. Errors: where it does not take one. */
  async #write(documents: readonly StoredDocument[], signal: AbortSignal): Promise<number> {
    const { clock } = this.#options
    const { serializer } = this.#client
    const actions = async (writes: readonly DocumentWrite[]): Promise<ActionLines[]> =>
      writes.map((write) => indexAction(write, serializer.serialize(write.source as Record<string, unknown>)))
    const outcomes = await bulkWrite(
      {
        client: this.#client,
        index: this.target,
        attempt: { doing: 'copying the index', where: this.#where },
        clock,
        random: Math.random,
        limits: defaultBulkLimits,
        pace: this.#pace,
        actions,
      },
      documents,
      () => true,
      signal,
    )
    for (const [at, outcome] of outcomes.entries()) this.#checkTaken(documents[at]!, outcome)
    return outcomes.filter(({ kind }) => kind === 'written').length
  }

  #checkTaken({ id }: StoredDocument, outcome: WriteOutcome): void {
    if (outcome.kind !== 'rejected') return
    throw new CaesError('CAES_ELASTICSEARCH_REFUSED', `"${this.target}" does not take a document: ${outcome.detail}`, {
      where: `document ${id}`,
      hint: 'Change the mapping of the new index, or that document, and run the same command again: it goes on where it stopped.',
    })
  }

  #incomplete(what: string): CaesError {
    return new CaesError('CAES_ELASTICSEARCH_INCOMPLETE', `Elasticsearch ${what}`, {
      where: this.#where,
      hint: 'Look at GET /_cluster/health, and run the same command again: it goes on where it stopped.',
    })
  }

  #mismatch(what: string, hint: string): CaesError {
    return new CaesError('CAES_SCHEMA_MISMATCH', `"${this.alias}" ${what}`, { where: this.#where, hint })
  }

  #ask<T>(doing: string, signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    return asked({ doing, where: this.#where }, signal, send)
  }
}
