import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CertificateFiles, type CertificateName, certificateNames } from './certificates.js'
import type { Accounts, SecurePlace } from './secure-place.js'
import type { StackPorts } from './settings.js'

/** What one needs to know to connect to a running secure stack. */
export interface SecureSheet {
  readonly elasticsearch: string
  /** host:port */
  readonly cassandra: string
  readonly redis: string
  readonly certificates: Readonly<Record<CertificateName, CertificateFiles>>
  readonly accounts: Accounts
}

export function secureSheet(place: SecurePlace, ports: StackPorts): SecureSheet {
  return {
    elasticsearch: `https://127.0.0.1:${ports.elasticsearch.port}`,
    cassandra: `127.0.0.1:${ports.cassandra.port}`,
    redis: `rediss://127.0.0.1:${ports.redis.port}`,
    certificates: Object.fromEntries(
      certificateNames.map((name) => [name, place.certificate(name)]),
    ) as SecureSheet['certificates'],
    accounts: place.accounts(),
  }
}

export const sheetFile = (home: string): string => join(home, 'secure.json')

export function writeSheet(sheet: SecureSheet, home: string): void {
  writeFileSync(sheetFile(home), `${JSON.stringify(sheet, undefined, 2)}\n`, { mode: 0o600 })
}

export function readSheet(file: string): SecureSheet {
  return JSON.parse(readFileSync(file, 'utf8')) as SecureSheet
}
