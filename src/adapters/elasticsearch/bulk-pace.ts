/** What all writers to one index have learnt of how much it bears: they slow down together, and none learns it anew. */
import { createPacer, type OverloadSigns } from '../../runtime/pacer.js'

export interface RequestSize {
  readonly maxActions: number
  readonly maxBytes: number
}

export interface BulkPace {
  /** How large a request may be now, at most as large as `limits`. */
  size(limits: RequestSize): RequestSize
  /** Sends a request when its turn has come, and learns from its outcome. */
  send<T>(request: () => Promise<T>, signs: OverloadSigns<T>): Promise<T>
  /** A request of so many bytes was refused for its size: that is a setting of the server, so it is kept. */
  refused(bytes: number): void
}

/** More than all windows of a worker have under way by themselves: without overload nothing is held back. */
const mostUnderWay = 64
const leastActions = 50
const leastBytes = 64_000
/** Of the full size; requests grow back within a few dozen of them. */
const growth = 0.02

export const createBulkPace = (): BulkPace => {
  const pacer = createPacer(mostUnderWay)
  let share = 1
  let mostBytes = Infinity
  const learn = (busy: boolean): void => {
    share = busy ? share / 2 : Math.min(1, share + growth)
  }
  return {
    size: ({ maxActions, maxBytes }) => ({
      maxActions: Math.max(Math.min(leastActions, maxActions), Math.floor(maxActions * share)),
      maxBytes: Math.min(maxBytes, mostBytes),
    }),
    send: async (request, { inError, inAnswer = () => false }) => {
      try {
        const answer = await pacer.run(request, { inError, inAnswer })
        learn(inAnswer(answer))
        return answer
      } catch (error) {
        if (inError(error)) learn(true)
        throw error
      }
    },
    refused: (bytes) => {
      mostBytes = Math.max(leastBytes, Math.min(mostBytes, Math.floor(bytes / 2)))
    },
  }
}
