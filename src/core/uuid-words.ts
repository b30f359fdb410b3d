/**
 * A UUID as four words of 32 bits, for what keeps many of them outside of the heap. Both ways are taken several times for
 * each record, so they make no strings but the one that is asked for: pieces put together take three times as long.
 */

export const wordsPerUuid = 4

const dash = '-'.charCodeAt(0)
/** Where the digits stand among the dashes. */
const digitAt = Uint8Array.from(
  { length: 32 },
  (_, digit) => digit + [8, 12, 16, 20].filter((at) => digit >= at).length,
)

const digitCodes = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))
/** By character code; −1 for what is no digit. */
const digitValues = new Int8Array(128).fill(-1)
for (const [value, code] of digitCodes.entries()) digitValues[code] = value

/** Writes the 128 bits into `into`, high to low; false unless the text is a UUID in lower case with its four dashes. */
export const readUuid = (id: string, into: Uint32Array): boolean => {
  if (id.length !== 36 || !hasDashes(id)) return false
  let word = 0
  let all = 0
  for (let at = 0; at < 32; at += 1) {
    const code = id.charCodeAt(digitAt[at]!)
    const value = code < 128 ? digitValues[code]! : -1
    all |= value
    word = (word << 4) | value
    if ((at & 7) === 7) into[at >> 3] = word
  }
  return all >= 0
}

const hasDashes = (id: string): boolean =>
  id.charCodeAt(8) === dash && id.charCodeAt(13) === dash && id.charCodeAt(18) === dash && id.charCodeAt(23) === dash

/** @param at where the words of the UUID begin */
export const uuidText = (words: Uint32Array, at: number): string =>
  uuidOf(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!)

/** The text of four words, high to low; of each the lower 32 bits count. */
// oxfmt-ignore
export const uuidOf = (a: number, b: number, c: number, d: number): string =>
  String.fromCharCode(
    digit(a, 28), digit(a, 24), digit(a, 20), digit(a, 16), digit(a, 12), digit(a, 8), digit(a, 4), digit(a, 0), dash,
    digit(b, 28), digit(b, 24), digit(b, 20), digit(b, 16), dash,
    digit(b, 12), digit(b, 8), digit(b, 4), digit(b, 0), dash,
    digit(c, 28), digit(c, 24), digit(c, 20), digit(c, 16), dash,
    digit(c, 12), digit(c, 8), digit(c, 4), digit(c, 0),
    digit(d, 28), digit(d, 24), digit(d, 20), digit(d, 16), digit(d, 12), digit(d, 8), digit(d, 4), digit(d, 0),
  )

const digit = (word: number, shift: number): number => digitCodes[(word >>> shift) & 15]!
