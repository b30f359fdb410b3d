/** Addresses to listen on: `127.0.0.1:9464`, `[::1]:9464`, `:9464` or `9464` (this machine only); port 0 is a free one. */

export interface Listen {
  readonly host: string
  readonly port: number
}

export const listenPattern = /^(?:(?:\[([0-9a-fA-F:.%]+)\]|([^\s:[\]/]*)):)?(\d{1,5})$/

export const parseListen = (written: string | number): Listen | undefined => {
  const [, bracketed, plain, digits] = listenPattern.exec(String(written).trim()) ?? []
  const port = Number(digits)
  if (digits === undefined || port > 65_535) return undefined
  return { host: bracketed ?? (plain || '127.0.0.1'), port }
}
