/** The completion script for zsh. */
import { allVerbs, type OptionSpec, type VerbSpec } from './completion-spec.js'

export const zshCompletion = (program: VerbSpec): string => `#compdef caes-sync
# Completion of caes-sync for zsh: source <(caes-sync completion zsh), or save it as _caes-sync on the fpath
${allVerbs(program).toReversed().map(verbFunction).join('\n')}
if [[ \${funcstack[1]} == _caes_sync ]]; then
  _caes_sync "$@"
else
  compdef _caes_sync caes-sync
fi
`

const nameOf = ({ path }: VerbSpec): string => ['_caes_sync', ...path].join('_').replaceAll('-', '_')

const verbFunction = (verb: VerbSpec): string => {
  const options = verb.options.map((option) => `    ${optionArgument(option)} \\`)
  if (verb.verbs.length === 0) {
    return `${nameOf(verb)}() {
  _arguments -s \\
${options.join('\n')}
    ${quoted(verb.words.length > 0 ? `*: :(${verb.words.join(' ')})` : '*: : ')}
}
`
  }
  return `${nameOf(verb)}() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C -s \\
${options.join('\n')}
    '1: :->verb' '*:: :->rest'
  case $state in
    verb)
      local -a verbs
      verbs=(
${verb.verbs.map((each) => `        ${quoted(`${each.path.at(-1)}:${each.description}`)}`).join('\n')}
      )
      _describe verb verbs
      ;;
    rest)
      case $line[1] in
${verb.verbs.map((each) => `        ${each.path.at(-1)}) ${nameOf(each)} ;;`).join('\n')}
      esac
      ;;
  esac
}
`
}

/** `'(-c --config)'{-c,--config}'[configuration file]:file:_files'` */
const optionArgument = ({ names, description, value, repeats }: OptionSpec): string => {
  const what = `[${description.replaceAll(/[[\]\\]/g, String.raw`\$&`)}]${valueArgument(value)}`
  const alone = repeats ? '*' : names.length > 1 ? `(${names.join(' ')})` : ''
  return names.length > 1 ? `${quoted(alone)}{${names.join(',')}}${quoted(what)}` : quoted(`${alone}${names[0]}${what}`)
}

const valueArgument = (value: OptionSpec['value']): string => {
  if (value === 'none') return ''
  if (value === 'file') return ':file:_files'
  return value === 'any' ? ':value: ' : `:value:(${value.join(' ')})`
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`
