/**
 * The partition of the timeseries table that an entry of ours goes to. Stable for an id, so that writing an entry again
 * overwrites it. FNV-1a over all of the text: time-based UUIDs share their first characters.
 * @returns 0 to buckets − 1
 */
export const bucketOf = (id: string, buckets: number): number => {
  if (buckets === 1) return 0
  let hash = 0x811c9dc5
  for (let index = 0; index < id.length; index += 1) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193)
  return (hash >>> 0) % buckets
}
