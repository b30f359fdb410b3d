/** `caes-sync completion`: a script that completes verbs, options and their values. */
import type { Command } from 'commander'
import { exitCode } from '../core/errors.js'
import { bashCompletion } from './completion-bash.js'
import { fishCompletion } from './completion-fish.js'
import { completionSpec, type VerbSpec } from './completion-spec.js'
import { zshCompletion } from './completion-zsh.js'

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

const scripts: Record<Shell, (program: VerbSpec) => string> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
}

export const completionScript = (shell: Shell, program: Command): string => scripts[shell](completionSpec(program))

export const completion = (shell: Shell, program: Command): number => {
  process.stdout.write(completionScript(shell, program))
  return exitCode.done
}
