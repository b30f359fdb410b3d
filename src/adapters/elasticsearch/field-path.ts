/**
 * A field by its dotted path. Elasticsearch reads `{"meta":{"ts":1}}` and `{"meta.ts":1}` as the same field, and so
 * must whoever reads or replaces it in `_source`.
 */
import type { Json, JsonObject } from '../../core/json.js'

/** Whether two names can mean the same field or one lies inside the other. */
export const overlap = (a: string, b: string): boolean => a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`)

/** The value at `path` in whatever spelling; undefined where there is none. Does not look into arrays. */
export const valueAt = (source: JsonObject, path: string): Json | undefined => {
  // A name without dots has one spelling.
  if (!path.includes('.')) return Object.hasOwn(source, path) ? source[path] : undefined
  for (const [name, rest] of splits(path)) {
    if (!Object.hasOwn(source, name)) continue
    const value = source[name]
    if (rest === undefined) return value
    const inner = isJsonObject(value) ? valueAt(value, rest) : undefined
    if (inner !== undefined) return inner
  }
  return undefined
}

/** A copy with `value` at `path`, and nothing else of that name in another spelling. */
export const withValueAt = (source: JsonObject, path: string, value: Json): JsonObject => {
  if (!path.includes('.')) return { ...source, [path]: value }
  const bare = withoutPath(source, path)
  const [first = path, ...rest] = path.split('.')
  const inner = Object.hasOwn(bare, first) ? bare[first] : {}
  // Under a name that holds no object only the dotted spelling is left.
  if (rest.length === 0 || !isJsonObject(inner)) return { ...bare, [path]: value }
  return { ...bare, [first]: withValueAt(inner, rest.join('.'), value) }
}

/**
 * The document with what lies inside one of `fields` under that field: `address.city` goes into `address`. Left as it
 * is: a name with dots that is a field itself, and one whose field holds something else than an object.
 */
export const gathered = (source: JsonObject, fields: ReadonlySet<string>): JsonObject => {
  let result = source
  for (const name of Object.keys(source)) {
    if (!name.includes('.') || fields.has(name)) continue
    const [field, rest] = splits(name).find(([start, end]) => end !== undefined && fields.has(start)) ?? []
    if (field === undefined || rest === undefined) continue
    const inner = (Object.hasOwn(result, field) ? result[field] : null) ?? {}
    if (!isJsonObject(inner)) continue
    const others = Object.entries(result).filter(([other]) => other !== name && other !== field)
    result = Object.fromEntries([...others, [field, withValueAt(inner, rest, source[name]!)]])
  }
  return result
}

const withoutPath = (source: JsonObject, path: string): JsonObject => {
  const rests = new Map(splits(path))
  return Object.fromEntries(
    Object.entries(source).flatMap(([name, value]): [string, Json][] => {
      if (!rests.has(name)) return [[name, value]]
      const rest = rests.get(name)
      if (rest === undefined) return []
      return [[name, isJsonObject(value) ? withoutPath(value, rest) : value]]
    }),
  )
}

/** `a.b.c` as [a, b.c], [a.b, c] and [a.b.c, undefined]. */
const splits = (path: string): [name: string, rest: string | undefined][] => {
  const parts = path.split('.')
  return parts.map((_, end) => [
    parts.slice(0, end + 1).join('.'),
    end + 1 === parts.length ? undefined : parts.slice(end + 1).join('.'),
  ])
}

/** Not an array, and not a number that is kept as an object. */
export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !('isLosslessNumber' in value)
