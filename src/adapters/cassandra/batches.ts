/** Which rows travel together. Pure. */
/** The server warns above 10 partitions in an unlogged batch, and above 5 KiB in any; stay below both. */
export const batchLimits = { rows: 10, bytes: 4_096 }

/** Of a cell besides its value: timestamps, flags, its path in a collection. */
const cellOverhead = 24

/** Bytes that a bound value takes in the server's count, estimated from above; a value that is not sent takes none. */
const valueSize = (value: unknown): number => {
  if (value === undefined || value === null) return 0
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (typeof value === 'bigint') return Math.max(8, value.toString(16).length / 2 + 1)
  if (typeof value !== 'object' || value instanceof Date) return 8
  if (Buffer.isBuffer(value)) return value.length
  return partsOf(value).reduce<number>((sum, part) => sum + cellOverhead + valueSize(part), 16)
}

/** Of a list or set, a map, a tuple or vector of the driver, a UDT, or nothing of which the size would vary. */
const partsOf = (value: object): readonly unknown[] => {
  if (Array.isArray(value)) return value
  if (value instanceof Map) return [...value].flat(1)
  if ('elements' in value && Array.isArray(value.elements)) return value.elements
  return Object.values(value)
}

/** @param params bound values of one row's statement, a tombstone for each null */
export const rowSize = (params: readonly unknown[]): number => {
  let size = 0
  for (const param of params) if (param !== undefined) size += cellOverhead + valueSize(param)
  return size
}

/**
 * What a server takes in one request unless its configuration says otherwise (native_transport_max_frame_size, half a
 * commit log segment). Beyond it the server answers, then loses the other requests of the same connection, so that
 * one such record would fail every window it is in: it must not be sent.
 */
export const maxRequestBytes = 16 * 2 ** 20 - 64 * 2 ** 10

/**
 * Groups of items that share a route, each within the limits; an item beyond them travels alone, where they do not
 * apply. Keeps the order within a route.
 */
export const batched = <T>(
  items: readonly T[],
  route: (item: T) => string,
  size: (item: T) => number,
  limits: { readonly rows: number; readonly bytes: number } = batchLimits,
): T[][] => {
  const open = new Map<string, { items: T[]; bytes: number }>()
  const groups: T[][] = []
  for (const item of items) {
    const key = route(item)
    const bytes = size(item)
    let group = open.get(key)
    if (group === undefined || group.items.length >= limits.rows || group.bytes + bytes > limits.bytes) {
      group = { items: [], bytes: 0 }
      open.set(key, group)
      groups.push(group.items)
    }
    group.items.push(item)
    group.bytes += bytes
  }
  return groups
}
