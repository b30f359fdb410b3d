/** What can be typed, read off the program itself, so that completion never lags behind the verbs. */
import type { Command, Option } from 'commander'

export interface OptionSpec {
  /** As typed: `-c`, `--config`. */
  readonly names: readonly string[]
  readonly description: string
  /** What follows it: nothing, one of some words, a file, or anything. */
  readonly value: 'none' | 'file' | 'any' | readonly string[]
  readonly repeats: boolean
}

export interface VerbSpec {
  /** Words that lead to it; empty for the program. */
  readonly path: readonly string[]
  readonly description: string
  /** Its own and those of every verb. */
  readonly options: readonly OptionSpec[]
  /** What its argument may be, where that is known. */
  readonly words: readonly string[]
  readonly verbs: readonly VerbSpec[]
}

export const completionSpec = (program: Command): VerbSpec => {
  // The version is the program's alone.
  const shared = program.options.filter(({ long }) => long !== '--version').map(optionSpec)
  return verbSpec(program, [], shared)
}

const verbSpec = (command: Command, path: readonly string[], shared: readonly OptionSpec[]): VerbSpec => {
  const own = path.length === 0 ? [] : command.options.map(optionSpec)
  const options = [...own, ...shared]
  return {
    path,
    description: command.description(),
    options: [...options, help],
    words: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    verbs: command.commands.map((each) => verbSpec(each, [...path, each.name()], options)),
  }
}

const help: OptionSpec = { names: ['-h', '--help'], description: 'show help', value: 'none', repeats: false }

const optionSpec = (option: Option): OptionSpec => ({
  names: [option.short, option.long].filter((name) => name !== undefined),
  description: option.description,
  value: valueOf(option),
  // The only options with a parser that builds on what was given before are lists.
  repeats: option.variadic || option.long === '--set',
})

const valueOf = ({ required, optional, argChoices, flags }: Option): OptionSpec['value'] => {
  if (!required && !optional) return 'none'
  return argChoices ?? (flags.includes('<file>') ? 'file' : 'any')
}

/** The verb and all below it. */
export const allVerbs = (verb: VerbSpec): VerbSpec[] => [verb, ...verb.verbs.flatMap(allVerbs)]
