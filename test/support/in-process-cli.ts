/**
 * Runs the command line within the test, for those that call it often: starting a process and loading its drivers takes
 * a second each time. Only for verbs that end by themselves.
 */
import { vi } from 'vitest'
import { main } from '../../src/cli/program.js'
import type { CliResult } from './cli.js'

export const caesSyncHere = async (args: readonly string[]): Promise<Omit<CliResult, 'peakMemory'>> => {
  let stdout = ''
  let stderr = ''
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    stdout += String(chunk)
    return true
  })
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    stderr += String(chunk)
    return true
  })
  const before = process.exitCode
  process.exitCode = undefined
  try {
    return { code: await main(args), stdout, stderr }
  } finally {
    process.exitCode = before
    out.mockRestore()
    err.mockRestore()
  }
}
