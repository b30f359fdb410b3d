/** Tables for terminals: columns that fit the width, and nothing in them that a terminal would obey. */
import { printable } from '../core/printable.js'

export interface TableColumn {
  readonly title: string
  /** The least width that it may be cut to; without it the column is never cut. */
  readonly least?: number
}

const gap = 2
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u

/** How many cells of a terminal the text takes, nearly: terminals do not agree on every character. */
const widthOf = (text: string): number => {
  let width = 0
  for (const character of text) width += /\p{M}/u.test(character) ? 0 : wide.test(character) ? 2 : 1
  return width
}

const cut = (text: string, width: number): string => {
  if (widthOf(text) <= width) return text
  let result = ''
  let used = 0
  for (const character of text) {
    const cells = widthOf(character)
    if (used + cells > width - 1) break
    result += character
    used += cells
  }
  return `${result}…`
}

/**
 * Lines of the table, its titles first.
 * @param width columns of the terminal; undefined where the output goes to a program, which gets everything
 */
export const table = (
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width: number | undefined,
): string[] => {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => row.map(printable))]
  const widths = columns.map((_, index) => cells.reduce((most, row) => Math.max(most, widthOf(row[index] ?? '')), 0))
  let excess = widths.reduce((sum, each) => sum + each, gap * (columns.length - 1)) - (width ?? Infinity)
  // The last column gives way first: it holds what is said elsewhere too.
  for (const [index, { least }] of [...columns.entries()].toReversed()) {
    if (excess <= 0) break
    const spare = Math.max(0, widths[index]! - Math.max(least ?? Infinity, columns[index]!.title.length))
    widths[index]! -= Math.min(spare, excess)
    excess -= Math.min(spare, excess)
  }
  return cells.map((row) =>
    row
      .map((text, index) => {
        const fitting = cut(text, widths[index]!)
        return fitting + ' '.repeat(Math.max(0, widths[index]! - widthOf(fitting)))
      })
      .join(' '.repeat(gap))
      .trimEnd(),
  )
}
