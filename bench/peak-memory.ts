import { readFileSync } from 'node:fs'

/** Largest resident set of a running process, in bytes; Linux remembers it for each. */
export const peakMemory = (pid: number): number => {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) * 1_024
}
