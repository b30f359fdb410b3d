/** Whether a command line, as files and pages spell it, is one that the program takes. */
import type { Command, Option } from 'commander'
import { createProgram } from '../../src/cli/program.js'

/** What is wrong with it, or undefined: every verb and flag has to exist, and every value to be one that its flag takes. */
export const commandFault = (args: readonly string[]): string | undefined => {
  const program = createProgram()
  let command: Command = program
  let options: readonly Option[] = program.options
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index]!
    const [flag = '', joined] = word.split('=')
    if (!word.startsWith('-')) {
      const verb = command.commands.find((each) => each.name() === word || each.aliases().includes(word))
      if (verb === undefined && command.commands.length > 0 && command.registeredArguments.length === 0) {
        return `${command.name()} has no verb ${word}`
      }
      if (verb === undefined) continue
      command = verb
      options = [...verb.options, ...options]
      continue
    }
    if (flag === '--help' || flag === '-h') continue
    const option = options.find((each) => each.long === flag || each.short === flag)
    if (option === undefined) return `${command.name()} has no option ${flag}`
    if (option.isBoolean() || !(option.required || option.optional)) continue
    const value = joined ?? args[(index += 1)] ?? ''
    // Pages spell alternatives as `one|other`.
    const refused = value.split('|').find((each) => option.argChoices?.includes(each) === false)
    if (refused !== undefined) return `${flag} takes no ${refused}`
  }
  return undefined
}
