/** Passwords as they are kept: scrypt, with all that is needed to check one. `scrypt$15$8$1$SALT$KEY`, base64url. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** 2^15 × 8 × 128 bytes are 32 MB and some 100 ms for each guess. */
const cost = { logN: 15, r: 8, p: 1 } as const
const keyBytes = 32

interface Cost {
  readonly logN: number
  readonly r: number
  readonly p: number
}

export interface PasswordHash extends Cost {
  readonly salt: Buffer
  readonly key: Buffer
}

const pattern = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]{16,})\$([\w-]{43})$/

/** Undefined for a text that is no hash. Costs that would hold the process up are none. */
export const parseHash = (text: string): PasswordHash | undefined => {
  const [, logN, r, p, salt, key] = pattern.exec(text) ?? []
  if (salt === undefined || key === undefined) return undefined
  const read = { logN: Number(logN), r: Number(r), p: Number(p) }
  if (read.logN < 14 || read.logN > 18 || read.r < 1 || read.r > 16 || read.p < 1 || read.p > 4) return undefined
  return { ...read, salt: Buffer.from(salt, 'base64url'), key: Buffer.from(key, 'base64url') }
}

export const formatHash = ({ logN, r, p, salt, key }: PasswordHash): string =>
  ['scrypt', logN, r, p, salt.toString('base64url'), key.toString('base64url')].join('$')

export const hashPassword = async (password: string): Promise<PasswordHash> => {
  const salt = randomBytes(16)
  return { ...cost, salt, key: await derive(password, salt, cost) }
}

/** Takes the same time whatever the answer is. */
export const verifyPassword = async (password: string, hash: PasswordHash): Promise<boolean> =>
  timingSafeEqual(await derive(password, hash.salt, hash), hash.key)

/** The same text typed on two systems may be composed in two ways; it is the same password. */
const derive = (password: string, salt: Buffer, { logN, r, p }: Cost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const N = 2 ** logN
    const settings = { N, r, p, maxmem: 256 * N * r }
    scrypt(password.normalize('NFC'), salt, keyBytes, settings, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
