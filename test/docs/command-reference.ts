/** docs/commands.md, made from the declarations of the verbs, so that page, help and program cannot differ. */
import type { Argument, Command, Option } from 'commander'
import { createProgram } from '../../src/cli/program.js'

const introduction = `# Commands

Made by \`npm run docs\` from [src/cli/commands](../src/cli/commands); \`caes-sync VERB --help\` says the same. In a clone run them as \`npx caes-sync …\` after \`npm run build\`.

Data goes to stdout, logs and progress to stderr. With \`--json\` every answer and every error is JSON; lists are one object a line. Colours are for terminals alone, and never with \`NO_COLOR\`.

`

export const commandReference = (): string => {
  const program = createProgram()
  const verbs = program.commands.filter((command) => command.name() !== 'help')
  return [
    introduction,
    tableOf(verbs),
    '## Options of every verb\n\n',
    optionsOf(program.options),
    exitCodes(program),
    ...verbs.flatMap((command) => sectionsOf(command, '##')),
  ].join('')
}

const tableOf = (verbs: readonly Command[]): string =>
  [
    '| verb | does |\n|---|---|\n',
    ...verbs.map((verb) => `| [${verb.name()}](#${anchor(verb)}) | ${cell(sentence(verb.description()))} |\n`),
    '\n',
  ].join('')

/** As GitHub makes it of a heading. */
const anchor = (command: Command): string => `caes-sync-${pathOf(command).join('-')}`

const pathOf = (command: Command): string[] =>
  command.parent === null ? [] : [...pathOf(command.parent), command.name()]

const sectionsOf = (command: Command, level: string): string[] => [
  `${level} caes-sync ${pathOf(command).join(' ')}\n\n`,
  `${sentence(command.description())}\n\n`,
  command.registeredArguments.length === 0 ? '' : argumentsOf(command),
  optionsOf(command.options),
  prose(helpBehind(command)),
  ...command.commands.filter((each) => each.name() !== 'help').flatMap((each) => sectionsOf(each, `${level}#`)),
]

const argumentsOf = (command: Command): string =>
  command.registeredArguments.map((argument) => `\`${shown(argument)}\`${choices(argument)}`).join(', ') + '\n\n'

const shown = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`
  return argument.required ? `<${name}>` : `[${name}]`
}

const choices = ({ argChoices }: Argument): string => (argChoices === undefined ? '' : `: ${argChoices.join(', ')}`)

const optionsOf = (options: readonly Option[]): string => {
  if (options.length === 0) return ''
  const rows = options.map((option) => `| \`${option.flags}\` | ${cell(meaningOf(option))} |\n`)
  return ['| option | meaning |\n|---|---|\n', ...rows, '\n'].join('')
}

const meaningOf = ({ description, argChoices, defaultValue, defaultValueDescription }: Option): string => {
  const known = [
    ...(argChoices === undefined ? [] : [argChoices.join(', ')]),
    ...(defaultValue === undefined ? [] : [`default: ${defaultValueDescription ?? String(defaultValue)}`]),
  ]
  return known.length === 0 ? description : `${description} (${known.join('; ')})`
}

/** What a verb's help says behind its options. */
const helpBehind = (command: Command): string => {
  let text = ''
  command.configureOutput({ writeOut: (part) => void (text += part) })
  command.outputHelp()
  return text.slice(command.helpInformation().length).trim()
}

/** Lines that stand in become a block; examples one for a shell, with what is said of them behind a #. */
const prose = (text: string): string => {
  if (text === '') return ''
  const blocks: string[] = []
  let block: string[] = []
  let areExamples = false
  const close = (): void => {
    if (block.length > 0) blocks.push(`\`\`\`${areExamples ? 'shell' : 'text'}\n${block.join('\n')}\n\`\`\`\n`)
    block = []
  }
  for (const line of text.split('\n')) {
    if (line.startsWith('  ')) {
      block.push(areExamples ? line.trim().replace(/ {2,}(?=\S)/, '   # ') : line.trim())
      continue
    }
    close()
    areExamples = line.startsWith('Example')
    if (line.trim() !== '' && line !== 'Examples:') blocks.push(`${escaped(line)}\n`)
  }
  close()
  return `${blocks.join('\n')}\n`
}

const exitCodes = (program: Command): string => {
  const codes = /Exit codes: ([\s\S]*)$/.exec(helpBehind(program))?.[1] ?? ''
  return `Exit codes: ${codes.replaceAll('\n', ' ')}\n\n`
}

const sentence = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`
const cell = (text: string): string => escaped(text).replaceAll('|', '\\|')
const escaped = (text: string): string => text.replaceAll('<', '&lt;')
