/**
 * A record's content in 64 bits, the same for everything that counts as equal (rule 10). Two different contents have
 * the same digest once in 2^64 times, unless somebody makes them so.
 */
import type { Column } from './column.js'
import type { CanonicalValue, Fields } from './record.js'
import type { Digest } from './sketch.js'
import type { Version } from './version.js'

/**
 * @param version where it is to be compared as well
 * @param columns in the order of the table; other fields do not count
 */
export const recordDigest = (version: Version | undefined, fields: Fields, columns: readonly Column[]): Digest => {
  const hash = new Hash()
  if (version === undefined) hash.add(kinds.absent)
  else addValue(hash, version)
  for (const { name } of columns) {
    const value = fields.get(name)
    if (value === undefined) hash.add(kinds.absent)
    else addValue(hash, value)
  }
  return hash.digest()
}

/** Before each value, so that none can be taken for another one, nor for the end of a list. */
const kinds = { absent: 1, null: 2, false: 3, true: 4, text: 5, integer: 6, number: 7, list: 8 } as const

const addValue = (hash: Hash, value: CanonicalValue): void => {
  if (typeof value === 'string') {
    hash.add(kinds.text)
    hash.addText(value)
  } else if (typeof value === 'number') {
    hash.add(kinds.number)
    hash.addNumber(value)
  } else if (typeof value === 'bigint') {
    hash.add(kinds.integer)
    hash.addText(value.toString(36))
  } else if (value === null) {
    hash.add(kinds.null)
  } else if (typeof value === 'boolean') {
    hash.add(value ? kinds.true : kinds.false)
  } else {
    hash.add(kinds.list)
    hash.add(value.length)
    for (const item of value) addValue(hash, item)
  }
}

const double = new Float64Array(1)
const halves = new Uint32Array(double.buffer)

/** Two hashes of 32 bits after MurmurHash3, which share neither seed nor factors. */
class Hash {
  #a = 0x9e_37_79_b9
  #b = 0x7f_4a_7c_15

  add(word: number): void {
    this.#a = step(this.#a, word, 0xcc_9e_2d_51, 0x1b_87_35_93)
    this.#b = step(this.#b, word, 0x23_9b_96_1b, 0xab_0e_97_89)
  }

  addText(text: string): void {
    this.add(text.length)
    const even = text.length & ~1
    for (let at = 0; at < even; at += 2) this.add(text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16))
    if (even < text.length) this.add(text.charCodeAt(even))
  }

  addNumber(value: number): void {
    // -0 counts as 0, and there is one NaN.
    double[0] = Number.isNaN(value) ? Number.NaN : value + 0
    this.add(halves[0]!)
    this.add(halves[1]!)
  }

  digest(): Digest {
    return [finished(this.#a ^ Math.imul(this.#b, 5)), finished(this.#b ^ Math.imul(this.#a, 5))]
  }
}

const step = (hash: number, word: number, before: number, after: number): number => {
  const turned = Math.imul(word, before)
  const mixed = hash ^ Math.imul((turned << 15) | (turned >>> 17), after)
  return Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6_54_6b_64
}

const finished = (value: number): number => {
  let bits = Math.imul(value ^ (value >>> 16), 0x85_eb_ca_6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2_b2_ae_35)
  return (bits ^ (bits >>> 16)) >>> 0
}
