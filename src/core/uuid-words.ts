/** A UUID as four words of 32 bits, for what keeps many of them outside of the heap. */

export const wordsPerUuid = 4

const dash = '-'.charCodeAt(0)

/** Writes the 128 bits into `into`, high to low; false unless the text is a UUID in lower case with its four dashes. */
export const readUuid = (id: string, into: Uint32Array): boolean => {
  if (id.length !== 36) return false
  let word = 0
  let digits = 0
  for (let at = 0; at < 36; at += 1) {
    const code = id.charCodeAt(at)
    if (at === 8 || at === 13 || at === 18 || at === 23) {
      if (code !== dash) return false
      continue
    }
    const digit = code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : -1
    if (digit < 0) return false
    word = (word << 4) | digit
    digits += 1
    if ((digits & 7) === 0) {
      into[(digits >> 3) - 1] = word
      word = 0
    }
  }
  return true
}

/** Four digits at a time: formatting numbers takes five times as long. */
const digitsOf16Bits = Array.from({ length: 2 ** 16 }, (_, bits) => bits.toString(16).padStart(4, '0'))
const high = (word: number): string => digitsOf16Bits[word >>> 16]!
const low = (word: number): string => digitsOf16Bits[word & 0xff_ff]!

/** @param at where the words of the UUID begin */
export const uuidText = (words: Uint32Array, at: number): string => {
  const [first, second, third, fourth] = [words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!]
  return `${high(first)}${low(first)}-${high(second)}-${low(second)}-${high(third)}-${low(third)}${high(fourth)}${low(fourth)}`
}
