/** The completion script for bash. */
import { allVerbs, type OptionSpec, type VerbSpec } from './completion-spec.js'

export const bashCompletion = (program: VerbSpec): string => {
  const verbs = allVerbs(program)
  return `# Completion of caes-sync for bash: source <(caes-sync completion bash)
_caes_sync() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD - 1]}" path='' word i skip=''
  # bash takes --option=value for three words.
  if [[ $cur == '=' ]]; then
    cur=''
  elif [[ $prev == '=' ]]; then
    prev="\${COMP_WORDS[COMP_CWORD - 2]}"
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [[ -n $skip && $word != '=' ]]; then
      skip=''
      continue
    fi
    case "$path:$word" in
${cases(verbs.flatMap(({ path, verbs: inner }) => inner.map((verb) => [`${at(path)}:${verb.path.at(-1)}`, `path=${quoted(at(verb.path))}`])))}
${cases(verbs.flatMap((verb) => verb.options.filter(takesValue).map((option) => [patterns(verb, option), 'skip=1'])))}
    esac
  done
  case "$path:$prev" in
${cases(verbs.flatMap((verb) => verb.options.filter(takesValue).map((option) => [patterns(verb, option), reply(option)])))}
  esac
  case "$path" in
${cases(verbs.map((verb) => [at(verb.path), `COMPREPLY=($(compgen -W "$([[ $cur == -* ]] && echo ${quoted(flags(verb))} || echo ${quoted(words(verb))})" -- "$cur"))`]))}
  esac
}
complete -F _caes_sync caes-sync
`
}

const at = (path: readonly string[]): string => path.map((word) => `/${word}`).join('')
const takesValue = ({ value }: OptionSpec): boolean => value !== 'none'
const flags = ({ options }: VerbSpec): string => options.flatMap(({ names }) => names).join(' ')
const words = ({ verbs, words: known }: VerbSpec): string =>
  [...verbs.map(({ path }) => path.at(-1)), ...known].join(' ')

const patterns = ({ path }: VerbSpec, { names }: OptionSpec): string =>
  names.map((name) => `${at(path)}:${name}`).join('|')

const reply = ({ value }: OptionSpec): string => {
  if (value === 'file') return `compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")); return`
  if (typeof value === 'string') return 'return'
  return `COMPREPLY=($(compgen -W ${quoted(value.join(' '))} -- "$cur")); return`
}

const cases = (branches: readonly (readonly [patterns: string, then: string])[]): string =>
  branches
    .map(([patterns, then]) => {
      const each = patterns.split('|').map(quoted)
      return `    ${each.join(' | ')}) ${then} ;;`
    })
    .join('\n')

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`
