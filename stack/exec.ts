import { CaesError } from '../src/core/errors.js'
import type { StackFolder } from './folder.js'
import { openFreshStack, secureVariable, testVariables } from './fresh-stack.js'
import { runGuarded } from './guarded-command.js'
import { catchInterruption } from './interruption.js'
import { say } from './progress.js'
import type { Environment, StackSettings } from './settings.js'

/**
 * Runs a command against a fresh stack on free ports, and leaves nothing of that stack behind, however it ends.
 * @returns the command's exit code
 */
export async function exec(
  settings: StackSettings,
  folder: StackFolder,
  command: string,
  args: readonly string[],
  env: Environment = process.env,
): Promise<number> {
  const interruption = catchInterruption()
  try {
    const variables = settings.secure ? [secureVariable] : testVariables
    if (areGiven(variables, env)) {
      say(`the servers are given by ${variables.join(', ')}; none is started`)
      return await runGuarded(command, args, {}, interruption)
    }
    const stack = await openFreshStack(settings, folder, interruption.signal)
    try {
      return await runGuarded(command, args, stack.environment, interruption)
    } finally {
      await stack.close()
    }
  } finally {
    interruption.release()
  }
}

/** All given, or none: a mixture would test half of it somewhere else without a word. */
export function areGiven(variables: readonly string[], env: Environment): boolean {
  const given = variables.filter((name) => env[name] !== undefined && env[name] !== '')
  if (given.length > 0 && given.length < variables.length) {
    const missing = variables.filter((name) => !given.includes(name))
    throw new CaesError('CAES_USAGE', `${given.join(', ')} is set, but not ${missing.join(', ')}`, {
      hint: 'set all three to use servers of your own, or none to have them started',
    })
  }
  return given.length > 0
}
