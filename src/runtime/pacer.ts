/** Holds requests to a store back while it is overloaded. */
import { borne, fullPace, mayStart, overloaded } from '../core/pace.js'

/** Whether what came of a request means that the store is overloaded: what it threw, or what it answered. */
export interface OverloadSigns<T> {
  readonly inError: (error: unknown) => boolean
  readonly inAnswer?: (answer: T) => boolean
}

export interface Pacer {
  /** Sends a request when its turn has come. Its outcome sets the pace of those behind it. */
  run<T>(request: () => Promise<T>, signs: OverloadSigns<T>): Promise<T>
  /** How many may be under way now. */
  limit(): number
}

export const createPacer = (most: number): Pacer => {
  let pace = fullPace(most)
  let underWay = 0
  let next = 0
  const waiting: (() => void)[] = []

  const admit = (): void => {
    while (waiting.length > 0 && mayStart(pace, underWay)) {
      underWay += 1
      waiting.shift()!()
    }
  }
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve)
      admit()
    })

  return {
    run: async (request, { inError, inAnswer = () => false }) => {
      await turn()
      const number = next
      next += 1
      const slowDown = (): void => {
        pace = overloaded(pace, number, next, underWay)
      }
      try {
        const answer = await request()
        if (inAnswer(answer)) slowDown()
        else pace = borne(pace)
        return answer
      } catch (error) {
        if (inError(error)) slowDown()
        throw error
      } finally {
        underWay -= 1
        admit()
      }
    },
    limit: () => Math.floor(pace.limit),
  }
}
