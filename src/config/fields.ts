/** The kinds of values that the configuration is made of, each with the words that a message uses for it. */
import { z } from 'zod'
import { durationPattern, parseDuration } from './duration.js'
import { listenPattern, parseListen } from './listen.js'

/** Text that a person gave on purpose; empty text never is. */
export const text = () => z.string().min(1)

export const matching = (pattern: RegExp, clause: string) => z.string().regex(pattern, { error: clause })

/** A digit above zero has to be among them. */
const positivePattern = new RegExp(durationPattern.source.replace('^', '^(?=.*[1-9])'))

/** Milliseconds out of `500ms`, `2s`, `5m`, `1h` or plain seconds. */
export const duration = (
  atLeastMs = 0,
  clause = 'must be a duration such as 500ms, 2s, 5m or 1h, or a number of seconds',
) =>
  z
    .union(
      atLeastMs > 0
        ? [z.number().positive({ error: clause }), matching(positivePattern, clause)]
        : [z.number().min(0, { error: clause }), matching(durationPattern, clause)],
      { error: clause },
    )
    .transform((written) => parseDuration(written) ?? Number.NaN)
    .refine((milliseconds) => milliseconds >= atLeastMs && Number.isSafeInteger(milliseconds), { error: clause })

export const positiveDuration = (clause?: string) =>
  duration(1, clause ?? 'must be a duration above zero such as 500ms, 2s, 5m or 1h, or a number of seconds')

/** A list of names; one name alone is a list too, and an empty list is as good as none. */
export const names = () =>
  z
    .union([z.array(text()), text()], { error: 'must be a list of field names' })
    .transform((given) => (typeof given === 'string' ? [given] : given))
    .transform((list) => (list.length > 0 ? list : undefined))

/**
 * A table or column, written as in CQL: folded to lower case unless in double quotes. The result is the name as
 * Cassandra stores it.
 */
export const cqlName = () =>
  matching(
    /^(?:[A-Za-z][A-Za-z0-9_]*|"(?:[^"]|"")+")$/,
    'must be a name as in CQL: letters, digits and _, or anything in double quotes',
  ).transform((name) => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase()))

/** A secret in place, or the file that holds it; files have been read by the time that this is checked. */
export const secret = (inPlace = text(), clause = 'must be text, or { file: path }') =>
  z
    .union([inPlace, z.strictObject({ file: text() })], { error: clause })
    .transform((given) => (typeof given === 'string' ? given : ''))

/** `host` or `host:port`. */
export const address = (usualPort: number) =>
  matching(
    /^(?:\[[0-9a-fA-F:.%]+\]|[^\s:/?#@[\]]+)(?::\d{1,5})?$/,
    `must be a host, or host:port such as redis1:${usualPort}`,
  ).transform((written) => {
    const [, host = written, digits] = /^(.*?)(?::(\d+))?$/.exec(written) ?? []
    return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(digits ?? usualPort) }
  })

const listenClause = 'must be an address such as 127.0.0.1:9464'

export const listen = () =>
  z
    .union([matching(listenPattern, listenClause), z.int().min(0).max(65_535)], { error: listenClause })
    .transform(String)
    .refine((written) => parseListen(written) !== undefined, { error: listenClause })

/** What is handed on as it is: a driver's options, the logging block. */
export const anything = () => z.record(z.string(), z.unknown())
