import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { certificateFiles, type CertificateName, makeCertificates } from '../../../stack/certificates.js'

const home = mkdtempSync(join(tmpdir(), 'caes-certificates-'))
const folder = join(home, 'certificates')
beforeAll(() => makeCertificates(folder, new AbortController().signal))
afterAll(() => rmSync(home, { recursive: true }))

const read = (name: CertificateName) => new X509Certificate(readFileSync(certificateFiles(folder, name).cert))
const isOver = (name: CertificateName) => Date.parse(read(name).validTo) < Date.now()

test('the authority signed the good certificates and those that must be refused for another reason', () => {
  const { publicKey } = read('ca')
  for (const name of ['server', 'client', 'expired', 'elsewhere', 'expired-client'] as const) {
    expect(read(name).verify(publicKey)).toBe(true)
  }
  expect(read('stranger').verify(publicKey)).toBe(false)
  expect(read('stranger').verify(read('other-ca').publicKey)).toBe(true)
})

test('the server’s certificate names this machine, the other one does not', () => {
  for (const name of ['server', 'expired'] as const) {
    expect(read(name).checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(read(name).checkHost('localhost')).toBe('localhost')
  }
  expect(read('elsewhere').checkIP('127.0.0.1')).toBeUndefined()
  expect(read('elsewhere').checkHost('localhost')).toBeUndefined()
})

test('only those that are called so have expired', () => {
  expect((['server', 'client', 'elsewhere', 'stranger'] as const).filter(isOver)).toEqual([])
  expect(isOver('expired') && isOver('expired-client')).toBe(true)
})

test('keys are for their owner alone, and a second start keeps everything', async () => {
  const { cert, key } = certificateFiles(folder, 'server')
  expect(statSync(key).mode & 0o077).toBe(0)
  expect(statSync(folder).mode & 0o077).toBe(0)
  const before = readFileSync(cert, 'utf8')
  await makeCertificates(folder, new AbortController().signal)
  expect(readFileSync(cert, 'utf8')).toBe(before)
})
