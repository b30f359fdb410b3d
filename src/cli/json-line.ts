/** One object as a line of JSON. What a terminal might obey is escaped: people look at JSON too. */
export const jsonLine = (data: object): string => escapedJson(JSON.stringify(data))

/** The same for JSON that was made elsewhere, with numbers that JSON.stringify would change. */
export const escapedJson = (text: string): string =>
  text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
    [...Array(character.length).keys()].map((at) => `\\u${hex(character.charCodeAt(at))}`).join(''),
  )

const hex = (unit: number): string => unit.toString(16).padStart(4, '0')
