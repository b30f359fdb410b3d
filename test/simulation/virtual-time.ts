/**
 * Time that passes only from event to event. Nothing here waits for a real clock, so a minute of history costs as
 * little as its events do, and the same events always come in the same order.
 */
import type { Micros } from '../../src/core/version.js'

interface Event {
  readonly at: Micros
  readonly order: number
  readonly happen: () => void
}

export class VirtualTime {
  now: Micros
  #order = 0
  /** A binary heap; the earliest event is first, and of two at one time the one that was scheduled first. */
  readonly #heap: Event[] = []

  constructor(start: Micros) {
    this.now = start
  }

  schedule(at: Micros, happen: () => void): void {
    this.#push({ at: Math.max(at, this.now), order: (this.#order += 1), happen })
  }

  /** Lets events happen until none is left. Errors: more than `most` of them mean that something never ends. */
  async run(most: number): Promise<void> {
    let count = 0
    for (let event = this.#pop(); event !== undefined; event = this.#pop()) {
      if ((count += 1) > most) throw new Error(`more than ${most} events: something never comes to its end`)
      this.now = event.at
      event.happen()
      // Every promise that this event settled is followed to where it waits again before the next event happens.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  #push(event: Event): void {
    const heap = this.#heap
    let child = heap.push(event) - 1
    while (child > 0) {
      const parent = (child - 1) >> 1
      if (!isBefore(event, heap[parent]!)) break
      heap[child] = heap[parent]!
      child = parent
    }
    heap[child] = event
  }

  #pop(): Event | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (last === undefined || last === first) return first
    let parent = 0
    for (;;) {
      let child = 2 * parent + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1
      if (!isBefore(heap[child]!, last)) break
      heap[parent] = heap[child]!
      parent = child
    }
    heap[parent] = last
    return first
  }
}

const isBefore = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)
