/**
 * What two sets differ in, from one pass over each and in a few megabytes, however large they are: an invertible Bloom
 * lookup table (Eppstein, Goodrich, Uyeda, Varghese: "What's the Difference?", 2011).
 *
 * Every element is added into three cells, one of each third. A cell counts its elements and keeps the XOR of their
 * words. What was added with one sign and taken with the other leaves no trace. Of what remains, a cell with a single
 * element spells it out; taken from its other cells, it frees the next one.
 */
import { readUuid, uuidText, wordsPerUuid } from './uuid-words.js'

/** An id, and a digest of whatever else the element is to be compared by. */
export type Digest = readonly [number, number]

export interface Remainder {
  /** Ids of which the sides hold different elements, or only one of them an element at all. */
  readonly ids: readonly string[]
  /** How many of the ids only the side with the sign +1 has, and only that with −1. */
  readonly onlyPositive: number
  readonly onlyNegative: number
  /** False where they differ in more than a sketch of this size can tell: then there is more than what `ids` names. */
  readonly complete: boolean
}

const thirds = 3
/** The count, the words of the id, two of the digest, and a check of the element. */
const wordsPerCell = 8
const digestAt = 1 + wordsPerUuid
const checkAt = digestAt + 2

/** 6 MB: tells about 150,000 elements, such as 75,000 records whose content differs or 150,000 that are missing. */
export const usualCells = thirds * 2 ** 16

export class Sketch {
  readonly #cells: Int32Array
  readonly #element = new Uint32Array(wordsPerCell)
  readonly #id = this.#element.subarray(1, digestAt)

  /** @param cells a multiple of three; it tells about four fifths as many elements */
  constructor(cells: number = usualCells) {
    this.#cells = new Int32Array(cells * wordsPerCell)
  }

  /** The cells as bytes, to be kept and read again. They are the sketch's own, not a copy. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.#cells.buffer)
  }

  static of(bytes: Uint8Array): Sketch {
    const sketch = new Sketch(bytes.byteLength / 4 / wordsPerCell)
    sketch.bytes.set(bytes)
    return sketch
  }

  /** Errors: RangeError for an id that is no UUID in canonical form. */
  add(id: string, [high, low]: Digest, sign: 1 | -1): void {
    const element = this.#element
    if (!readUuid(id, this.#id)) throw new RangeError(`"${id}" is not a UUID in canonical form`)
    element[digestAt] = high
    element[digestAt + 1] = low
    element[checkAt] = checkOf(element)
    this.#apply(element, sign)
  }

  /** Everything that another sketch of the same size was given, by its bytes. */
  addAll(bytes: Uint8Array): void {
    const { length } = this.#cells
    if (bytes.byteLength !== 4 * length)
      throw new RangeError(`a sketch of ${bytes.byteLength} bytes is of another size`)
    const other = Sketch.of(bytes).#cells
    for (let at = 0; at < length; at += 1) {
      if (at % wordsPerCell === 0) this.#cells[at]! += other[at]!
      else this.#cells[at]! ^= other[at]!
    }
  }

  /** What is left. It is read out of a copy: elements may still be added. */
  remainder(): Remainder {
    const rest = Sketch.of(this.bytes)
    return rest.#peel()
  }

  #apply(element: Uint32Array, sign: number): void {
    for (let third = 0; third < thirds; third += 1) {
      const at = this.#cellOf(element, third)
      this.#cells[at]! += sign
      for (let word = 1; word < wordsPerCell; word += 1) this.#cells[at + word]! ^= element[word]!
    }
  }

  #peel(): Remainder {
    /** Bit 1: an element of sign +1; bit 2: one of −1. */
    const sides = new Map<string, number>()
    const element = new Uint32Array(wordsPerCell)
    const waiting: number[] = []
    for (let at = 0; at < this.#cells.length; at += wordsPerCell) waiting.push(at)
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (!this.#isSingle(at)) continue
      const sign = this.#cells[at]!
      for (let word = 1; word < wordsPerCell; word += 1) element[word] = this.#cells[at + word]!
      const id = uuidText(element, 1)
      sides.set(id, (sides.get(id) ?? 0) | (sign === 1 ? 1 : 2))
      this.#apply(element, -sign)
      for (let third = 0; third < thirds; third += 1) waiting.push(this.#cellOf(element, third))
    }
    const found = [...sides.values()]
    return {
      ids: [...sides.keys()],
      onlyPositive: found.filter((side) => side === 1).length,
      onlyNegative: found.filter((side) => side === 2).length,
      complete: this.#cells.every((word) => word === 0),
    }
  }

  /** Whether a cell holds one element and nothing else. */
  #isSingle(at: number): boolean {
    const count = this.#cells[at]!
    if (count !== 1 && count !== -1) return false
    const element = this.#element
    for (let word = 1; word < wordsPerCell; word += 1) element[word] = this.#cells[at + word]!
    if (element[checkAt] !== checkOf(element)) return false
    const third = Math.floor((at / this.#cells.length) * thirds)
    return this.#cellOf(element, third) === at
  }

  #cellOf(element: Uint32Array, third: number): number {
    const cells = this.#cells.length / wordsPerCell / thirds
    return (third * cells + (hashOf(element, third + 1) % cells)) * wordsPerCell
  }
}

const checkOf = (element: Uint32Array): number => hashOf(element, 0)

const hashOf = (element: Uint32Array, seed: number): number => {
  let hash = mixed(seed + 0x9e_37_79_b9)
  for (let word = 1; word < checkAt; word += 1) hash = mixed((Math.imul(hash, 5) + element[word]!) ^ seed)
  return hash
}

/** The finalizer of MurmurHash3: each bit of the input changes each one of the output with a chance of one half. */
const mixed = (value: number): number => {
  let bits = Math.imul(value ^ (value >>> 16), 0x85_eb_ca_6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2_b2_ae_35)
  return (bits ^ (bits >>> 16)) >>> 0
}
