/**
 * Scalars as PyYAML reads them, because the original's files were written for it. The YAML 1.1 of js-yaml is close
 * but follows the specification where PyYAML does not: `y` and `n` stay text, `01:30` and `-.5` too.
 */
import {
  boolYaml11Tag,
  defineScalarTag,
  floatYaml11Tag,
  intYaml11Tag,
  NOT_RESOLVED,
  YAML11_SCHEMA,
  type ScalarTagDefinition,
} from 'js-yaml'
import type { Scalar } from './nodes.js'

const narrowed = <T>(tag: ScalarTagDefinition<T>, implicitly: RegExp) =>
  defineScalarTag(tag.tagName, {
    ...tag,
    resolve: (text, isExplicit, tagName) =>
      isExplicit || implicitly.test(text) ? tag.resolve(text, isExplicit, tagName) : NOT_RESOLVED,
  })

const schema = YAML11_SCHEMA.withTags(
  narrowed(boolYaml11Tag, /^..+$/),
  narrowed(intYaml11Tag, /^(?:[^:]*|[-+]?[1-9].*)$/),
  narrowed(floatYaml11Tag, /^(?:[-+]?\d.*|\..*|[-+]\.(?:inf|Inf|INF))$/),
)

const prefix = 'tag:yaml.org,2002:'

/** What a plain (unquoted, untagged) scalar means. */
export const readPlain = (text: string): Scalar => schema.resolveImplicitScalarTag(text).value as Scalar

/** Whether an unquoted key is the merge key. */
export const isMergeKey = (text: string): boolean => text === '<<'

/** Python's own names of the plain types, as `yaml.dump` of Python 2 wrote them. */
const pythonScalars: Record<string, string> = {
  'python/str': 'str',
  'python/unicode': 'str',
  'python/int': 'int',
  'python/long': 'int',
  'python/float': 'float',
  'python/bool': 'bool',
  'python/none': 'null',
}

const shortName = (tag: string): string | undefined => {
  if (tag.startsWith('!!')) return decodeURIComponent(tag.slice(2))
  return tag.startsWith(`!<${prefix}`) ? decodeURIComponent(tag.slice(2 + prefix.length, -1)) : undefined
}

/** The value of a scalar with a tag such as `!!str`, or undefined when the tag is unknown or does not fit. */
export const readTagged = (tag: string, text: string): { value: Scalar } | undefined => {
  if (tag === '!') return { value: text }
  const name = shortName(tag)
  if (name === undefined) return undefined
  const tagName = prefix + (Object.hasOwn(pythonScalars, name) ? pythonScalars[name] : name)
  const value = schema.lookupScalarTag(tagName)?.resolve(text, true, tagName)
  return value === undefined || value === NOT_RESOLVED ? undefined : { value: value as Scalar }
}

/**
 * Whether a tagged collection can be read as plain data. Python objects can: their arguments are what matters
 * (`!!python/object/apply:cassandra.policies.DCAwareRoundRobinPolicy [dc1]`), and no code is ever run for them.
 */
export const isPlainCollection = (tag: string, kind: 'sequence' | 'mapping'): boolean => {
  if (tag === '!') return true
  const name = shortName(tag) ?? ''
  if (name.startsWith('python/object')) return true
  return kind === 'mapping' ? name === 'map' || name === 'python/dict' : /^(?:seq|python\/(?:tuple|list))$/.test(name)
}
