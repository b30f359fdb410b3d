/** Runs the built command line as a process, as a user would. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { projectRoot } from '../../stack/folder.js'

export const distUrl = pathToFileURL(join(projectRoot, 'dist/src/demo/')).href
const mainFile = join(projectRoot, 'dist/src/cli/main.js')

export interface CliResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** Largest resident set that was seen, in bytes; 0 where the system does not tell. */
  readonly peakMemory: number
}

export const caesSync = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CliResult> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', peakReporter, mainFile, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    let stdout = ''
    let stderr = ''
    let peakMemory = 0
    child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.on('message', (message: { readonly peak?: number }) => (peakMemory = message.peak ?? peakMemory))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr, peakMemory }))
  })

/** Runs it until it has printed so many lines, and interrupts it then. */
export const interruptedAfter = (lines: number, args: readonly string[]): Promise<Pick<CliResult, 'code' | 'stdout'>> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [mainFile, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    let stdout = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
      if (stdout.split('\n').length > lines) child.kill('SIGINT')
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout }))
  })

/** Has the process tell its peak when it ends. The channel must not keep it alive. */
const peakReporter = `data:text/javascript,${encodeURIComponent(
  `process.channel?.unref(); process.on('exit', () => process.send?.({ peak: process.resourceUsage().maxRSS * 1024 }))`,
)}`

/** A folder with one configuration file; `remove` when done. */
export const configFile = (text: string): { readonly path: string; readonly folder: string; remove(): void } => {
  const folder = mkdtempSync(join(tmpdir(), 'caes-sync-test-'))
  const path = join(folder, 'caes-sync.yaml')
  writeFileSync(path, text, { mode: 0o600 })
  return { path, folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
