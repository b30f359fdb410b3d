import { isPortBusy } from './ports.js'
import type { Probe } from './probe.js'
import type { Server } from './server.js'
import { liveRecords } from './server-record.js'
import type { ServerName } from './settings.js'

/**
 * `up`: ours and answering. `silent`: ours, but not answering (yet). `down`: nothing there. `foreign`: something that
 * this stack did not start has the port.
 */
export type ServerState = 'up' | 'silent' | 'down' | 'foreign'

export interface ServerStatus {
  readonly name: ServerName
  readonly state: ServerState
  readonly version: string | undefined
  readonly endpoint: string
  /** Undefined for a container and for what does not run. */
  readonly pid: number | undefined
}

/** Looks at servers that were started as processes. */
export async function nativeStatus(servers: readonly Server[], home: string): Promise<ServerStatus[]> {
  const records = liveRecords(home)
  return Promise.all(
    servers.map(async (server): Promise<ServerStatus> => {
      const { name, endpoint } = server
      const record = records.find((candidate) => candidate.name === name)
      if (record === undefined) {
        const state = (await isPortBusy(server.port)) ? 'foreign' : 'down'
        return { name, state, version: undefined, endpoint, pid: undefined }
      }
      const version = await versionAt(server.probe, record.port)
      const state = version === undefined ? 'silent' : 'up'
      const actual = endpoint.replace(/\d+$/, String(record.port))
      return { name, state, version: version ?? record.version, endpoint: actual, pid: record.pid }
    }),
  )
}

/** The version that a server answers with; undefined when it gives no answer, which is what a status reports. */
export async function versionAt(probe: Probe, port: number): Promise<string | undefined> {
  return probe(port).catch(() => undefined)
}

export function statusTable(rows: readonly ServerStatus[]): string {
  const cells = [
    ['SERVER', 'STATE', 'VERSION', 'ENDPOINT', 'PID'],
    ...rows.map(({ name, state, version, endpoint, pid }) => [
      name,
      state,
      version ?? '-',
      endpoint,
      pid === undefined ? '-' : String(pid),
    ]),
  ]
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? []
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
