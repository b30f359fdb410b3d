/** Foreign text, such as the id of a document, where people read it: terminals, boards, logs of jobs. */

/** Controls, invisible and direction-changing characters, halves of pairs, unassigned ones, line separators. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu

/** The same text with everything that a terminal might obey, or a reader could not see, written as `\u{1b}`. */
export const printable = (text: string): string =>
  text.replaceAll(unprintable, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)

/** At most `length` characters, the last of them an ellipsis where something was cut. */
export const shortened = (text: string, length: number): string => {
  const characters = Array.from(text)
  return characters.length <= length ? text : `${characters.slice(0, Math.max(0, length - 1)).join('')}…`
}
