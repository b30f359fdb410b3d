import type { Json, JsonObject } from '../../core/json.js'

/** About how many bytes the value takes as JSON, without making the text. */
export const roughBytes = (value: Json): number => {
  if (typeof value === 'string') return value.length + 3
  if (typeof value !== 'object' || value === null) return 8
  if (Array.isArray(value)) return (value as readonly Json[]).reduce<number>((sum, item) => sum + roughBytes(item), 2)
  const members = value as JsonObject
  return Object.keys(members).reduce((sum, name) => sum + name.length + 3 + roughBytes(members[name]!), 2)
}
