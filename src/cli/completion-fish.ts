/** The completion script for fish. */
import { allVerbs, type OptionSpec, type VerbSpec } from './completion-spec.js'

export const fishCompletion = (program: VerbSpec): string => {
  const options = allVerbs(program).flatMap((verb) => verb.options.filter(({ value }) => value !== 'none'))
  const valued = [...new Set(options.flatMap(({ names }) => names))]
  return `# Completion of caes-sync for fish: caes-sync completion fish | source
function __caes_sync_typed --description 'The verbs typed so far, each after a slash'
    set -l skip
    for word in (commandline -opc)[2..-1]
        if set -q skip[1]
            set -e skip
        else if contains -- $word ${valued.map(quoted).join(' ')}
            set skip 1
        else if not string match -q -- '-*' $word
            echo -n /$word
        end
    end
end
function __caes_sync_at
    test "$(__caes_sync_typed)" = "$argv[1]"
end
function __caes_sync_in
    string match -q -- "$argv[1]/*" "$(__caes_sync_typed)/"
end
complete -c caes-sync -f
${allVerbs(program).flatMap(linesOf).join('\n')}
`
}

const linesOf = (verb: VerbSpec): string[] => {
  const here = condition(verb)
  return [
    ...verb.verbs.map(
      (each) => `complete -c caes-sync -n ${here} -a ${each.path.at(-1)} -d ${quoted(each.description)}`,
    ),
    ...(verb.words.length > 0 ? [`complete -c caes-sync -n ${here} -a ${quoted(verb.words.join(' '))}`] : []),
    ...verb.options.map((option) => `complete -c caes-sync -n ${here} ${optionFlags(option)}`),
  ]
}

/** A verb with verbs below it ends where one of them is typed; any other may have arguments. */
const condition = ({ path, verbs }: VerbSpec): string =>
  quoted(`${verbs.length > 0 ? '__caes_sync_at' : '__caes_sync_in'} "${path.map((word) => `/${word}`).join('')}"`)

const optionFlags = ({ names, description, value }: OptionSpec): string => {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`))
  const follows =
    value === 'none'
      ? []
      : value === 'file'
        ? ['-r -F']
        : value === 'any'
          ? ['-x']
          : [`-x -a ${quoted(value.join(' '))}`]
  return [...flags, ...follows, `-d ${quoted(description)}`].join(' ')
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`
