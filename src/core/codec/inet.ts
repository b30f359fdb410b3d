/** Addresses as bytes (4 or 16) and as text in the one form of RFC 5952. IPv4-mapped IPv6 is taken for IPv4. */

/** IPv4 dotted, or IPv6 in any notation without a zone; undefined where the text is neither. */
export const parseInet = (text: string): number[] | undefined =>
  text.includes(':') ? parseIpv6(text) : parseIpv4(text)

const parseIpv4 = (text: string): number[] | undefined => {
  const parts = text.split('.')
  // A leading zero is refused: some programs would read the part as octal.
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined
  }
  return parts.map(Number)
}

const parseIpv6 = (text: string): number[] | undefined => {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = groups(halves[0]!, halves.length === 1)
  const tail = halves.length === 2 ? groups(halves[1]!, true) : []
  if (head === undefined || tail === undefined) return undefined
  const missing = 16 - head.length - tail.length
  if (halves.length === 2 ? missing < 2 : missing !== 0) return undefined
  return [...head, ...Array<number>(missing).fill(0), ...tail]
}

/** Bytes of `a:b:c`; the last group may be a dotted IPv4 address where nothing follows it. */
const groups = (text: string, mayEndDotted: boolean): number[] | undefined => {
  if (text === '') return []
  const bytes: number[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      const group = Number.parseInt(part, 16)
      bytes.push(group >> 8, group & 0xff)
      continue
    }
    const dotted = mayEndDotted && index === parts.length - 1 ? parseIpv4(part) : undefined
    if (dotted === undefined) return undefined
    bytes.push(...dotted)
  }
  return bytes
}

/** @param bytes 4 or 16 of them */
export const formatInet = (bytes: ArrayLike<number>): string => {
  if (bytes.length === 4) return Array.from(bytes).join('.')
  const words = Array.from({ length: 8 }, (_, index) => (bytes[2 * index]! << 8) | bytes[2 * index + 1]!)
  // Cassandra makes an IPv4 address of it inside collections, but not elsewhere; to Elasticsearch both are the same.
  if (words[5] === 0xffff && words.slice(0, 5).every((word) => word === 0))
    return formatInet(Array.from(bytes).slice(12))
  const zeros = longestZeros(words)
  const hex = words.map((word) => word.toString(16))
  if (zeros.length < 2) return hex.join(':')
  return `${hex.slice(0, zeros.start).join(':')}::${hex.slice(zeros.start + zeros.length).join(':')}`
}

/** The first of the longest runs of zero groups. */
const longestZeros = (words: readonly number[]): { start: number; length: number } => {
  let best = { start: 0, length: 0 }
  let length = 0
  for (const [index, word] of words.entries()) {
    length = word === 0 ? length + 1 : 0
    if (length > best.length) best = { start: index - length + 1, length }
  }
  return best
}
