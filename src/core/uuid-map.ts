/**
 * A map from UUIDs to numbers for as many of them as one job reads: 24 bytes for an entry and 6 to 12 for its index, all
 * outside of the heap. A Map of strings takes four times as much, and every garbage collection walks it.
 */
import { readUuid, uuidText, wordsPerUuid } from './uuid-words.js'

/** Segments hold 1,024, 1,024, 2,048, 4,096 … entries: each doubles the room, and none is ever copied. */
const firstSegmentBits = 10
const firstSegment = 2 ** firstSegmentBits

interface Segment {
  readonly words: Uint32Array
  readonly values: Float64Array
}

export class UuidMap implements Iterable<readonly [string, number]> {
  readonly #segments: Segment[] = []
  /** Open addressing: positions + 1, 0 where free; at most two thirds are taken. */
  #slots = new Uint32Array(2 * firstSegment)
  #size = 0
  /** The id that is looked for, as four words. */
  readonly #sought = new Uint32Array(wordsPerUuid)

  get size(): number {
    return this.#size
  }

  /** Undefined for what is not there, and for what is no UUID in canonical form. */
  get(id: string): number | undefined {
    const position = this.positionOf(id)
    return position === undefined ? undefined : this.valueAt(position)
  }

  has(id: string): boolean {
    return this.positionOf(id) !== undefined
  }

  /** Ids are counted in the order in which they came, and keep their numbers. Undefined for what is not there. */
  positionOf(id: string): number | undefined {
    if (!readUuid(id, this.#sought)) return undefined
    const taken = this.#slots[this.#slotOf(this.#sought, 0)]!
    return taken === 0 ? undefined : taken - 1
  }

  /** Keeps the greater of `value` and what is there. Errors: RangeError for what is no UUID in canonical form. */
  raise(id: string, value: number): void {
    if (!this.raiseUuid(id, value)) throw new RangeError(`"${id}" is not a UUID in canonical form`)
  }

  /** The same; false for what is no UUID in canonical form. */
  raiseUuid(id: string, value: number): boolean {
    if (!readUuid(id, this.#sought)) return false
    const slot = this.#slotOf(this.#sought, 0)
    const taken = this.#slots[slot]!
    if (taken === 0) {
      this.#append(value, slot)
      return true
    }
    const { values } = this.#segmentOf(taken - 1)
    const offset = offsetOf(taken - 1)
    if (value > values[offset]!) values[offset] = value
    return true
  }

  /** @param position below `size` */
  idAt(position: number): string {
    return uuidText(this.#segmentOf(position).words, offsetOf(position) * wordsPerUuid)
  }

  /** @param position below `size` */
  valueAt(position: number): number {
    return this.#segmentOf(position).values[offsetOf(position)]!
  }

  /** By position. */
  *values(): Generator<number> {
    for (let position = 0; position < this.#size; position += 1) yield this.valueAt(position)
  }

  /** By position. */
  *[Symbol.iterator](): Generator<readonly [string, number]> {
    for (let position = 0; position < this.#size; position += 1) yield [this.idAt(position), this.valueAt(position)]
  }

  #append(value: number, slot: number): void {
    const position = this.#size
    const room = this.#segments.length === 0 ? 0 : firstSegment * 2 ** (this.#segments.length - 1)
    if (position === room) this.#segments.push(segmentOf(Math.max(firstSegment, room)))
    this.#size += 1
    const { words, values } = this.#segmentOf(position)
    const offset = offsetOf(position)
    words.set(this.#sought, offset * wordsPerUuid)
    values[offset] = value
    this.#slots[slot] = position + 1
    if (this.#size * 3 > this.#slots.length * 2) this.#widen()
  }

  #widen(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2)
    for (let position = 0; position < this.#size; position += 1) {
      const { words } = this.#segmentOf(position)
      this.#slots[this.#slotOf(words, offsetOf(position) * wordsPerUuid)] = position + 1
    }
  }

  /** The slot that holds the UUID which stands in `words` from `at` on, or the free one where it belongs. */
  #slotOf(words: Uint32Array, at: number): number {
    const mask = this.#slots.length - 1
    for (let slot = hashOf(words, at) & mask; ; slot = (slot + 1) & mask) {
      const taken = this.#slots[slot]!
      if (taken === 0 || this.#isAt(taken - 1, words, at)) return slot
    }
  }

  #isAt(position: number, sought: Uint32Array, at: number): boolean {
    const { words } = this.#segmentOf(position)
    const start = offsetOf(position) * wordsPerUuid
    for (let word = 0; word < wordsPerUuid; word += 1) {
      if (words[start + word] !== sought[at + word]) return false
    }
    return true
  }

  #segmentOf(position: number): Segment {
    return this.#segments[position < firstSegment ? 0 : 32 - Math.clz32(position) - firstSegmentBits]!
  }
}

const segmentOf = (entries: number): Segment => ({
  words: new Uint32Array(entries * wordsPerUuid),
  values: new Float64Array(entries),
})

/** Within its segment; every segment but the first starts at a power of two. */
const offsetOf = (position: number): number =>
  position < firstSegment ? position : position - 2 ** (31 - Math.clz32(position))

/** A number that spreads UUIDs evenly, also those that count or begin with the time; undefined for other text. */
export const uuidHash = (id: string): number | undefined => {
  const words = new Uint32Array(wordsPerUuid)
  return readUuid(id, words) ? hashOf(words, 0) : undefined
}

const hashOf = (words: Uint32Array, at: number): number => {
  let hash = 0
  for (let word = 0; word < wordsPerUuid; word += 1) hash = mixed(Math.imul(hash, 5) + words[at + word]!)
  return hash
}

/** The finalizer of MurmurHash3: each bit of the input changes each one of the output with a chance of one half. */
const mixed = (value: number): number => {
  let bits = Math.imul(value ^ (value >>> 16), 0x85_eb_ca_6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2_b2_ae_35)
  return (bits ^ (bits >>> 16)) >>> 0
}
