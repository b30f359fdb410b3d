/** An id as the driver binds it; also its partition key's bytes, for routing. The id must be a UUID. */
export const idBytes = (id: string): Buffer => {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex')
  if (bytes.length !== 16) throw new RangeError(`an id of ${id.length} characters is not a UUID`)
  return bytes
}
