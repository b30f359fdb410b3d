#!/usr/bin/env node
import { CaesError, exitCode } from '../src/core/errors.js'
import { parseCommand, usage } from './arguments.js'
import { exec } from './exec.js'
import { chooseFolder, isRoot } from './folder.js'
import { Interrupted } from './interruption.js'
import { describe, say } from './progress.js'
import { readSettings } from './settings.js'
import { down, status, up } from './standing.js'

async function run(argv: readonly string[]): Promise<number> {
  const command = parseCommand(argv)
  if (command.verb === 'help') {
    process.stdout.write(usage)
    return exitCode.done
  }
  const settings = readSettings(process.env, command.secure)
  const folder = chooseFolder(settings.folder)
  // Another user runs Elasticsearch from these folders: a strict umask would lock it out.
  if (isRoot()) process.umask(0o022)
  switch (command.verb) {
    case 'up':
      return up(settings, folder, command.json)
    case 'down':
      return down(settings, folder, command.wipe)
    case 'status':
      return status(settings, folder, command.json)
    case 'exec':
      return exec(settings, folder, command.command, command.args)
    default:
      return command satisfies never
  }
}

/** Prints what went wrong and returns the exit code. Only a bug, which is no CaesError, shows its stack. */
function report(error: unknown): number {
  if (error instanceof Interrupted) {
    say(`stack: ${error.message}`)
    return error.exitCode
  }
  if (error instanceof CaesError) {
    for (const line of describe(error)) say(line)
    return error.exitCode
  }
  say(`stack: CAES_INTERNAL: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return exitCode.failed
}

process.exitCode = await run(process.argv.slice(2)).catch(report)
