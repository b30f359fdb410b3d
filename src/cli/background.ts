/** `start`, `stop`, `restart` and `reload`: the service in the background, as the original's caes-sync-daemon. */
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { loadConfig } from '../config/load.js'
import { otherReaders } from '../config/permissions.js'
import { CaesError, exitCode } from '../core/errors.js'
import { identityOf, isAlive, type ProcessIdentity } from '../runtime/process-identity.js'
import { configSource, overridesVariable } from './config-source.js'
import type { GlobalOptions } from './global-options.js'
import { answer } from './session.js'
import { errorOf, forgetReload, readReload, reloadFileVariable } from './reload-report.js'
import { logFileVariable } from './service-logging.js'

export type BackgroundVerb = 'start' | 'stop' | 'restart' | 'reload'

/** Pid and log lie beside the original's configuration, unless CAES_HOME says otherwise. */
const home = (): string => process.env['CAES_HOME'] ?? join(homedir(), '.caes')
const pidFile = (): string => join(home(), 'caes-sync.pid')
const logFile = (): string => join(home(), 'caes-sync.log')
const reloadFile = (): string => join(home(), 'caes-sync.reload')

const pollMs = 100
/** Beyond the configured time to drain, before the process is killed. Killing is safe: windows are only run again. */
const graceMs = 5_000
const usualTimeoutMs = 30_000
/** Beyond the time to drain: to try out the stores and to start anew. */
const reloadGraceMs = 60_000

export const background = async (verb: BackgroundVerb, global: GlobalOptions): Promise<number> => {
  if (verb === 'start') return start(global)
  if (verb === 'stop') return stop(global)
  if (verb === 'reload') return reload(global)
  await loadConfig(configSource(global))
  // One answer for programs: that of the start, with what was stopped before.
  const stopped = await end(global)
  if (global.json !== true) tellStopped(stopped, global)
  return start(global, { stopped: stopped?.pid ?? null })
}

/** @param more for programs */
const start = async (global: GlobalOptions, more: object = {}): Promise<number> => {
  const config = await loadConfig(configSource(global))
  mkdirSync(home(), { recursive: true, mode: 0o700 })
  const running = readPidFile()
  if (running !== undefined) throw alreadyRunning(running)

  const log = openSync(logFile(), 'a', 0o600)
  for (const file of [home(), logFile()]) warnOfReaders(file)
  const logged = statSync(logFile()).size
  const main = fileURLToPath(new URL('./main.js', import.meta.url))
  const child = spawn(process.execPath, [main, 'run', '--config', config.source], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    // So that it can go on in a new log file when that one is moved away, and say how a reload ended.
    env: {
      ...process.env,
      [logFileVariable]: logFile(),
      [reloadFileVariable]: reloadFile(),
      [overridesVariable]: JSON.stringify(global.set ?? []),
    },
  })
  closeSync(log)
  const code = await started(child)
  if (code !== undefined) {
    // What it had to say is as precise as it gets, and so is its exit code.
    process.stderr.write(readFileSync(logFile()).subarray(logged))
    const report = { state: 'not started', exitCode: code, log: logFile(), ...more }
    if (global.json === true) answer(global, report, '')
    else process.stderr.write(`caes-sync did not start; its log is ${logFile()}\n`)
    return code
  }
  claimPidFile(child)
  child.disconnect()
  child.unref()
  const report = { state: 'started', pid: child.pid, log: logFile(), ...more }
  answer(global, report, `caes-sync started, pid ${child.pid}, log ${logFile()}`)
  return exitCode.done
}

/** They are made for their owner alone; somebody may have made them before, or opened them since. */
const warnOfReaders = (file: string): void => {
  const { mode, uid } = statSync(file)
  const readers = otherReaders(mode, uid === process.getuid?.())
  if (readers !== undefined) process.stderr.write(`warning: ${file}: ${readers} can read it; try chmod go-rwx\n`)
}

/** Resolves to undefined once the service says that it runs, or to the code it ended with. */
const started = (child: ChildProcess): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    child.once('message', () => resolve(undefined))
    child.once('exit', (code) => resolve(code ?? exitCode.failed))
    child.once('error', reject)
  })

/** Two starts at once: the first to create the file wins, the other gives up its process. */
const claimPidFile = (child: ChildProcess): void => {
  const identity = JSON.stringify(identityOf(child.pid!))
  try {
    writeFileSync(pidFile(), identity, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const running = readPidFile()
    if (running !== undefined) {
      child.kill('SIGTERM')
      throw alreadyRunning(running)
    }
    // Left over from a process that was killed.
    writeFileSync(pidFile(), identity, { mode: 0o600 })
  }
}

const stop = async (global: GlobalOptions): Promise<number> => {
  tellStopped(await end(global), global)
  return exitCode.done
}

const tellStopped = (stopped: ProcessIdentity | undefined, global: GlobalOptions): void =>
  stopped === undefined
    ? answer(global, { state: 'not running' }, 'caes-sync is not running')
    : answer(global, { state: 'stopped', pid: stopped.pid }, `caes-sync stopped, pid ${stopped.pid}`)

/** Resolves to what ran, once it does not any more. */
const end = async (global: GlobalOptions): Promise<ProcessIdentity | undefined> => {
  const running = readPidFile()
  if (running === undefined) {
    rmSync(pidFile(), { force: true })
    return undefined
  }
  process.kill(running.pid, 'SIGTERM')
  const deadline = Date.now() + (await shutdownTimeout(global)) + graceMs
  while (isAlive(running) && Date.now() < deadline) await sleep(pollMs)
  if (isAlive(running)) process.kill(running.pid, 'SIGKILL')
  rmSync(pidFile(), { force: true })
  return running
}

/** The service reads the file that it was started with, and keeps what it has where the new one is not good. */
const reload = async (global: GlobalOptions): Promise<number> => {
  const running = readPidFile()
  if (running === undefined) {
    throw new CaesError('CAES_NOT_RUNNING', 'caes-sync does not run in the background', {
      where: pidFile(),
      hint: 'Start it with "caes-sync start"; a service in the foreground reloads on SIGHUP.',
    })
  }
  forgetReload(reloadFile())
  process.kill(running.pid, 'SIGHUP')
  const deadline = Date.now() + (await shutdownTimeout(global)) + reloadGraceMs
  let report = readReload(reloadFile())
  while (report === undefined && isAlive(running) && Date.now() < deadline) {
    await sleep(pollMs)
    report = readReload(reloadFile())
  }
  const error = report === undefined ? notReloaded(running) : errorOf(report)
  if (error !== undefined) throw error
  const isUnchanged = report?.kind === 'unchanged'
  const what = isUnchanged ? 'the configuration has not changed; log files were opened anew' : 'caes-sync reloaded'
  answer(global, { state: isUnchanged ? 'unchanged' : 'reloaded', pid: running.pid }, `${what}, pid ${running.pid}`)
  return exitCode.done
}

const notReloaded = (running: ProcessIdentity): CaesError =>
  isAlive(running)
    ? new CaesError('CAES_NOT_STARTED', 'the reload has not come to its end', {
        where: logFile(),
        hint: 'Look into the log: a store may be away, which is waited for.',
      })
    : new CaesError('CAES_NOT_RUNNING', 'caes-sync has ended instead of reloading', {
        where: logFile(),
        hint: 'Look into the log.',
      })

/** A service must be stoppable although its file has been broken meanwhile. */
const shutdownTimeout = async (global: GlobalOptions): Promise<number> => {
  try {
    return (await loadConfig(configSource(global))).worker.shutdownTimeoutMs
  } catch (error) {
    if (!(error instanceof CaesError)) throw error
    return usualTimeoutMs
  }
}

/** The process of the pid file, if it lives and is not another one that was given the same pid. */
const readPidFile = (): ProcessIdentity | undefined => {
  let text: string
  try {
    text = readFileSync(pidFile(), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const identity = parseIdentity(text)
  return identity !== undefined && isAlive(identity) ? identity : undefined
}

/** A file that a crash left half written names no process. */
const parseIdentity = (text: string): ProcessIdentity | undefined => {
  const match = /^\{"pid":(\d+),"began":"([^"]*)"\}$/.exec(text)
  return match === null ? undefined : { pid: Number(match[1]), began: match[2]! }
}

const alreadyRunning = ({ pid }: ProcessIdentity): CaesError =>
  new CaesError('CAES_ALREADY_RUNNING', `caes-sync runs already, pid ${pid}`, {
    where: pidFile(),
    hint: 'Use "caes-sync restart", or run more workers with "caes-sync run --role worker".',
  })
