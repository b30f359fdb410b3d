import { pbkdf2Sync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { certificateFiles, type CertificateFiles, type CertificateName, makeCertificates } from './certificates.js'

export interface Account {
  readonly username: string
  readonly password: string
}

/** Who may log in to the servers of a secure stack. What else a test needs it makes as an admin. */
export interface Accounts {
  /** `sync` has the least role that caes-sync needs, `reader` may not write. Users of a file cannot be made by request. */
  readonly elasticsearch: Readonly<Record<'admin' | 'sync' | 'reader', Account>>
  readonly cassandra: Readonly<Record<'admin', Account>>
  readonly redis: Readonly<Record<'admin', Account>>
}

/** Certificates and accounts of one secure stack. They are made at its first start and stay the same. */
export interface SecurePlace {
  make(signal: AbortSignal): Promise<void>
  certificate(name: CertificateName): CertificateFiles
  /** Only once they were made. */
  accounts(): Accounts
}

export function securePlace(home: string): SecurePlace {
  const certificates = join(home, 'certificates')
  const accounts = join(home, 'accounts.json')
  return {
    certificate: (name) => certificateFiles(certificates, name),
    accounts: () => JSON.parse(readFileSync(accounts, 'utf8')) as Accounts,
    async make(signal) {
      mkdirSync(home, { recursive: true })
      await makeCertificates(certificates, signal)
      if (!existsSync(accounts)) writeFileSync(accounts, JSON.stringify(newAccounts()), { mode: 0o600 })
    },
  }
}

const account = (username: string): Account => ({ username, password: randomBytes(18).toString('base64url') })

function newAccounts(): Accounts {
  return {
    elasticsearch: { admin: account('admin'), sync: account('sync'), reader: account('reader') },
    // The superuser that every Cassandra begins with. Without a client certificate nobody gets as far as this password.
    cassandra: { admin: { username: 'cassandra', password: 'cassandra' } },
    redis: { admin: account('admin') },
  }
}

/** The form in which Elasticsearch keeps a password in its file `users`. */
export function elasticsearchHash(password: string, salt = randomBytes(32)): string {
  const rounds = 10_000
  const key = pbkdf2Sync(password, salt, rounds, 32, 'sha512')
  return `{PBKDF2}${rounds}$${salt.toString('base64')}$${key.toString('base64')}`
}
