/** What the thread does that foldRowsApart starts. */
import { parentPort, workerData } from 'node:worker_threads'
import { connections, openRows, pairRules } from '../compose.js'
import { CaesError } from '../core/errors.js'
import { systemClock } from '../runtime/clock.js'
import { createLogger } from '../runtime/logger.js'
import { createReleases } from '../runtime/releases.js'
import { foldRowsOf } from '../sync/fold-rows.js'
import { forEverything } from '../sync/pair.js'
import type { PlainError, RowsThreadData, RowsThreadMessage } from './fold-rows-apart.js'

const { config, parts, cells } = workerData as RowsThreadData
const tell = (message: RowsThreadMessage): void => {
  // The rule is about windows of a browser; the second argument of a thread's port is what it hands over.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort!.postMessage(message)
}

const plain = (error: unknown): PlainError =>
  error instanceof CaesError
    ? {
        code: error.code,
        message: error.message,
        ...(error.hint === undefined ? {} : { hint: error.hint }),
        ...(error.where === undefined ? {} : { where: error.where }),
      }
    : { code: 'CAES_INTERNAL', message: error instanceof Error ? error.message : String(error) }

// Whoever started this thread has said already what there is to say of the tables.
const logger = createLogger({ level: 'error', readable: false, color: false })
const releases = createReleases(logger)
try {
  const rows = await openRows(config, connections(logger, releases))
  const side = forEverything({ rules: pairRules(config), rows, clock: systemClock })
  // Whoever wants to stop it ends the thread.
  const { signal } = new AbortController()
  const sketch = await foldRowsOf(side)({ parts, cells, onRead: (records) => tell({ kind: 'read', records }), signal })
  tell({ kind: 'done', sketch })
} catch (error) {
  tell({ kind: 'failed', error: plain(error) })
} finally {
  await releases.run()
}
