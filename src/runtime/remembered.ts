/** Answers that are still good for a while. */
import { coalesced } from './coalesced.js'

/** Asks once for any number of callers, and not again before `ms` have passed. Failures are not remembered. */
export const remembered = <T>(ms: number, ask: () => Promise<T>, now = () => performance.now()): (() => Promise<T>) => {
  let last: { readonly answer: T; readonly at: number } | undefined
  const fresh = coalesced(async () => {
    const answer = await ask()
    last = { answer, at: now() }
    return answer
  })
  return async () => (last !== undefined && now() - last.at < ms ? last.answer : fresh())
}
