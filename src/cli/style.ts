/** Colours for terminals; plain text where none are wanted. */

type Style = (text: string) => string

export interface Styles {
  readonly bold: Style
  readonly dim: Style
  readonly red: Style
  readonly green: Style
  readonly yellow: Style
}

const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const

export const styles = (enabled: boolean): Styles => {
  const style = ([on, off]: readonly [number, number]): Style =>
    enabled ? (text) => `\u001B[${on}m${text}\u001B[${off}m` : (text) => text
  return {
    bold: style(codes.bold),
    dim: style(codes.dim),
    red: style(codes.red),
    green: style(codes.green),
    yellow: style(codes.yellow),
  }
}
