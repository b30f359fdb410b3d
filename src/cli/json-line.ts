/** One object as a line of JSON. What a terminal might obey is escaped: people look at JSON too. */
export const jsonLine = (data: object): string =>
  JSON.stringify(data).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
    [...Array(character.length).keys()].map((at) => `\\u${hex(character.charCodeAt(at))}`).join(''),
  )

const hex = (unit: number): string => unit.toString(16).padStart(4, '0')
