import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/**
 * A process as it can be recognised later. A pid alone is not enough: it is given to another program after the first
 * one ended, and a stop must never reach that one.
 */
export interface ProcessIdentity {
  readonly pid: number
  /** When the process began, in the operating system's own terms; only ever compared for equality. */
  readonly began: string
}

interface ProcessLook {
  readonly began: string
  readonly group: number
}

const onLinux = process.platform === 'linux'

/** Reads `/proc/PID/stat`. The program's name stands in brackets and may hold blanks and brackets itself. */
export function parseProcStat(text: string): { state: string; group: number; startTicks: string } | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, group, startTicks] = [fields[0], fields[2], fields[19]]
  if (state === undefined || group === undefined || startTicks === undefined) return undefined
  return { state, group: Number(group), startTicks }
}

/** Undefined when no such process lives. A zombie counts as dead: it holds no port and no file, once its threads are gone. */
function lookAt(pid: number): ProcessLook | undefined {
  if (!onLinux) return lookWithPs(pid)
  const text = readIfThere(`/proc/${pid}/stat`)
  const stat = text === undefined ? undefined : parseProcStat(text)
  if (stat === undefined || stat.state === 'X' || (stat.state === 'Z' && !hasThreads(pid))) return undefined
  return { began: `${bootId()}/${stat.startTicks}`, group: stat.group }
}

/** The first thread of a killed process may be a zombie while others still hold its sockets. */
function hasThreads(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).length > 1
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ESRCH') return false
    throw error
  }
}

/** Ticks count from the machine's start, so they are only unique together with it. */
function bootId(): string {
  return (readIfThere('/proc/sys/kernel/random/boot_id') ?? '').trim()
}

function lookWithPs(pid: number): ProcessLook | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'stat=,pgid=,lstart=', '-p', String(pid)], { encoding: 'utf8' })
  const found = /^\s*(\S+)\s+(\d+)\s+(.+?)\s*$/.exec(stdout ?? '')
  if (found === null || found[1]?.startsWith('Z') === true) return undefined
  return { began: found[3] ?? '', group: Number(found[2]) }
}

/** A process that ends while it is being looked at is simply gone: ENOENT, or ESRCH from an open entry. */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
}

/** When the living process with this pid began, or undefined when there is none. */
export function beganAt(pid: number): string | undefined {
  return lookAt(pid)?.began
}

/** True when the recorded process lives and is not another one that was given the same pid. */
export function isAlive(identity: ProcessIdentity, look: (pid: number) => string | undefined = beganAt): boolean {
  const began = look(identity.pid)
  return began !== undefined && began === identity.began
}

/** A process that is known to live, such as this one or a child that was just started. */
export function identityOf(pid: number): ProcessIdentity {
  return { pid, began: beganAt(pid) ?? '' }
}

/** True while any process of the group lives: Elasticsearch is a launcher and its server in one group. */
export function isGroupAlive(group: number): boolean {
  if (onLinux) {
    return readdirSync('/proc').some((entry) => /^\d+$/.test(entry) && lookAt(Number(entry))?.group === group)
  }
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pgid=,stat='], { encoding: 'utf8' })
  return (stdout ?? '').split('\n').some((line) => {
    const [pgid, state] = line.trim().split(/\s+/)
    return Number(pgid) === group && state?.startsWith('Z') === false
  })
}

/** Signals every process of a group. False when none is left. */
export function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-group, signal)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}
