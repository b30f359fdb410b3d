import type { Probe } from './probe.js'
import type { SecurePlace } from './secure-place.js'
import type { ServerName } from './settings.js'

/** How to start a server's process. */
export interface Launch {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** The user to run it as; the present one by default. */
  readonly user?: { readonly uid: number; readonly gid: number }
}

/** One of the three servers, as far as starting it needs to know. */
export interface Server {
  readonly name: ServerName
  readonly version: string
  readonly port: number
  /** The variable that moves it to another port. */
  readonly portVariable: string
  /** What an application connects to. */
  readonly endpoint: string
  /** Asks it for a real answer. */
  readonly probe: Probe
  /** Installs what is missing, writes the configuration, and says how to start it. Throws CaesError. */
  prepare(signal: AbortSignal): Promise<Launch>
}

/** Where a server keeps its things: `home` is this stack's own, `dist` is shared by all stacks of the project. */
export interface Places {
  readonly home: string
  readonly dist: string
  /** Certificates and accounts; absent where the servers run without. */
  readonly secure?: SecurePlace
}
