/**
 * Has the rows of a comparison folded by a thread of its own, with a connection of its own. Decoding what the stores
 * give is what a comparison spends its time on, and one thread does no more of it than it does.
 */
import { Worker } from 'node:worker_threads'
import type { PairConfig } from '../config/config.js'
import { CaesError, type ErrorCode, type ErrorDetails } from '../core/errors.js'
import type { RowPart } from '../core/run-part.js'
import type { FoldRows } from '../sync/fold-rows.js'

export interface RowsThreadData {
  readonly config: PairConfig
  readonly parts: readonly RowPart[]
  readonly cells: number | undefined
}

export type RowsThreadMessage =
  | { readonly kind: 'read'; readonly records: number }
  | { readonly kind: 'done'; readonly sketch: Uint8Array }
  | { readonly kind: 'failed'; readonly error: PlainError }

/** A CaesError on its way between threads, which would lose all but its message. */
export interface PlainError extends Pick<ErrorDetails, 'hint' | 'where'> {
  readonly code: ErrorCode
  readonly message: string
}

export const foldRowsApart =
  (config: PairConfig): FoldRows =>
  ({ parts, cells, onRead, signal }) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const workerData: RowsThreadData = { config, parts, cells }
      const thread = new Worker(new URL('./fold-rows-thread.js', import.meta.url), { workerData })
      let end = (): void => reject(new CaesError('CAES_INTERNAL', 'the thread that reads rows ended without a word'))
      const stop = (): void => {
        end = () => reject(signal.reason)
        void thread.terminate()
      }
      signal.addEventListener('abort', stop, { once: true })
      thread.on('message', (message: RowsThreadMessage) => {
        switch (message.kind) {
          case 'read':
            onRead(message.records)
            break
          case 'done':
            end = () => resolve(message.sketch)
            break
          case 'failed':
            end = () => reject(new CaesError(message.error.code, message.error.message, message.error))
            break
        }
      })
      thread.once('error', (error) => (end = () => reject(error)))
      // Only then nothing of it is left behind.
      thread.once('exit', () => {
        signal.removeEventListener('abort', stop)
        end()
      })
    })
