/**
 * How many requests may be under way to a store: half as many each time that it is overloaded, and one more for each
 * round of requests that it bears.
 */

export interface Pace {
  /** May have a fraction: what the next one more is made of. */
  readonly limit: number
  readonly most: number
  /** Requests are numbered as they are sent; what was sent before this one was still sent at the old pace. */
  readonly since: number
}

export const fullPace = (most: number): Pace => ({ limit: most, most, since: 0 })

export const mayStart = ({ limit }: Pace, underWay: number): boolean => underWay < Math.floor(limit)

export const borne = (pace: Pace): Pace => ({ ...pace, limit: Math.min(pace.most, pace.limit + 1 / pace.limit) })

/**
 * A request met overload. Those that were sent together meet it together, and slow down once.
 * @param number of that request
 * @param next the number that the next request will have
 * @param underWay how many there were, that request included: a limit far above says nothing
 */
export const overloaded = (pace: Pace, number: number, next: number, underWay: number): Pace =>
  number < pace.since
    ? pace
    : { ...pace, limit: Math.max(1, Math.floor(Math.min(pace.limit, underWay) / 2)), since: next }
