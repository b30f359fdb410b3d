import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive, type ProcessIdentity } from '../src/runtime/process-identity.js'
import { type ServerName, serverNames } from './settings.js'

/** What is remembered of a server that was started, so that a later command can reuse or stop exactly that process. */
export interface ServerRecord extends ProcessIdentity {
  readonly name: ServerName
  readonly version: string
  readonly port: number
  readonly log: string
}

const fileOf = (home: string, name: ServerName): string => join(home, 'run', `${name}.json`)

/** Writes beside and renames, so that a reader never sees half a record. */
export function writeRecord(home: string, record: ServerRecord): void {
  mkdirSync(join(home, 'run'), { recursive: true })
  const file = fileOf(home, record.name)
  writeFileSync(`${file}.new`, `${JSON.stringify(record, undefined, 2)}\n`)
  renameSync(`${file}.new`, file)
}

export function readRecord(home: string, name: ServerName): ServerRecord | undefined {
  const file = fileOf(home, name)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ServerRecord) : undefined
}

export function removeRecord(home: string, name: ServerName): void {
  rmSync(fileOf(home, name), { force: true })
}

/** The records in this folder whose processes still live. */
export function liveRecords(home: string): ServerRecord[] {
  return serverNames.flatMap((name) => {
    const record = readRecord(home, name)
    return record !== undefined && isAlive(record) ? [record] : []
  })
}
