import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CaesError } from '../src/core/errors.js'
import { runProgram } from './program.js'
import { lastLines, say } from './progress.js'

const days = 3_650

/** Authorities that sign for themselves; nobody has to trust the second one. */
const authorities = ['ca', 'other-ca'] as const

/** Each certificate with who signed it and for how many days it holds; a negative number is in the past. */
const leaves = [
  // Behind a proxy that goes by names, the driver of Cassandra knows an address by the common name alone.
  { name: 'server', subject: '127.0.0.1', authority: 'ca', use: 'server', days },
  { name: 'client', authority: 'ca', use: 'client', days },
  // What must be refused.
  { name: 'expired', authority: 'ca', use: 'server', days: -1 },
  { name: 'elsewhere', authority: 'ca', use: 'elsewhere', days },
  { name: 'expired-client', authority: 'ca', use: 'client', days: -1 },
  { name: 'stranger', authority: 'other-ca', use: 'client', days },
] as const

export type CertificateName = (typeof authorities)[number] | (typeof leaves)[number]['name']

export const certificateNames: readonly CertificateName[] = [...authorities, ...leaves.map(({ name }) => name)]

export interface CertificateFiles {
  readonly cert: string
  readonly key: string
}

export const certificateFiles = (folder: string, name: CertificateName): CertificateFiles => ({
  cert: join(folder, `${name}.pem`),
  key: join(folder, `${name}.key`),
})

/** A configuration of its own: what the system's one adds to every certificate differs from system to system. */
const opensslConfig = `[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = IP:127.0.0.1, DNS:localhost
[elsewhere]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:elsewhere.example
[client]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
`

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'] as const

/** Makes all of them with openssl, once: the folder appears complete or not at all. Throws CAES_STACK. */
export async function makeCertificates(folder: string, signal: AbortSignal): Promise<void> {
  if (existsSync(folder)) return
  say('certificates: making an authority, and certificates of servers and clients')
  const draft = `${folder}.draft`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true, mode: 0o700 })
  const config = join(draft, 'openssl.cnf')
  writeFileSync(config, opensslConfig)
  const openssl = (args: readonly string[]) => runOpenssl(args, draft, signal)

  for (const name of authorities) {
    const { cert, key } = certificateFiles(draft, name)
    const subject = ['-subj', `/CN=caes-sync stack ${name}`]
    const what = ['-x509', ...newKey, '-days', String(days), ...subject, '-extensions', 'authority']
    await openssl(['req', '-config', config, ...what, '-keyout', key, '-out', cert])
  }
  for (const leaf of leaves) {
    const { name, authority, use, days: valid } = leaf
    const { cert, key } = certificateFiles(draft, name)
    const issuer = certificateFiles(draft, authority)
    const request = join(draft, `${name}.csr`)
    const subject = ['-subj', `/CN=${'subject' in leaf ? leaf.subject : `caes-sync stack ${name}`}`]
    await openssl(['req', '-config', config, ...newKey, ...subject, '-keyout', key, '-out', request])
    const signing = ['-CA', issuer.cert, '-CAkey', issuer.key, '-CAcreateserial', '-days', String(valid)]
    await openssl(['x509', '-req', '-in', request, ...signing, '-extfile', config, '-extensions', use, '-out', cert])
    rmSync(request)
  }
  renameSync(draft, folder)
}

async function runOpenssl(args: readonly string[], cwd: string, signal: AbortSignal): Promise<void> {
  const { code, output } = await runProgram('openssl', args, { cwd, signal })
  if (code === 0) return
  if (code === undefined) {
    throw new CaesError('CAES_STACK', 'openssl is not installed, and the certificates are made with it', {
      hint: 'install it (apt-get install openssl, brew install openssl)',
    })
  }
  for (const line of lastLines(output, 6)) say(`  | ${line}`)
  throw new CaesError('CAES_STACK', `openssl ${args[0]} failed`, { where: cwd, hint: 'see the lines above' })
}
