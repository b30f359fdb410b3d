/** `caes-sync hash-password`: what to write into http.users instead of the password. It is never an argument. */
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { CaesError, exitCode } from '../core/errors.js'
import { formatHash, hashPassword } from '../runtime/password-hash.js'

const shortest = 8
const longest = 1_000

export const printHash = async (): Promise<number> => {
  const password = process.stdin.isTTY ? await typed() : await piped()
  if (password.length < shortest || password.length > longest) {
    throw new CaesError('CAES_USAGE', `a password has from ${shortest} to ${longest} characters`, {
      hint: 'a sentence of some words is easy to remember',
    })
  }
  process.stdout.write(`${formatHash(await hashPassword(password))}\n`)
  return exitCode.done
}

/** One line, without its break. */
const piped = async (): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size > longest * 8) break
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}

/** Asked for on the terminal, and not shown there. */
const typed = (): Promise<string> =>
  new Promise((resolve) => {
    process.stderr.write('Password: ')
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
    const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
    lines.once('line', (line) => {
      lines.close()
      process.stderr.write('\n')
      resolve(line)
    })
    lines.once('close', () => resolve(''))
  })
