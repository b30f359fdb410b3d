/** What of a server's answer may stand in a message. */

/** Where the server's sentences begin to quote the document. What follows is a value, and values stay out of logs. */
const quotesBegin = [
  /\.? ?Preview of field's value/,
  /\.? ?The prefix of the first immense term/,
  /,? ?original message:/,
  /:? ?For input string/,
]
const longest = 300

/** The server's reason without the values it quotes, and not longer than a log line bears. */
export const shortReason = (reason: string): string => {
  const end = Math.min(reason.length, ...quotesBegin.map((mark) => reason.search(mark)).filter((at) => at >= 0))
  const text = reason
    .slice(0, end)
    .replaceAll(/date field \[[^\]]*\]/g, 'date field […]')
    .trim()
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

/** Credentials in URLs have no place in a message, whoever wrote it. */
export const withoutCredentials = (text: string): string => text.replaceAll(/\/\/[^/\s@]+@/g, '//')
