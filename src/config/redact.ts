/** Takes secrets out of text before anyone sees it. */
import type { Config } from './config.js'

/** What stands in the place of a secret. */
export const mark = '***'

/** User names stay, since they help; `redis://:secret@host` has none. */
const credentials = /([a-z][a-z0-9+.-]*:\/\/)([^\s:/?#@]*):([^\s/?#]*)@/gi

/** The password in every address within the text is replaced. */
export const redactUrl = (text: string): string => text.replaceAll(credentials, `$1$2:${mark}@`)

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    // Not encoded at all, then.
    return text
  }
}

const passwordIn = (url: string): string[] =>
  [...url.matchAll(credentials)].flatMap(([, , , password]) => password ?? [])

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** The secret half of an encoded `id:key`. */
const keyIn = (apiKey: string): string[] => Buffer.from(apiKey, 'base64').toString('utf8').split(':').slice(1)

const ofRedis = ({ redis: { url, login, sentinel, tls } }: Config) => [
  ...passwordIn(url ?? ''),
  login?.password,
  sentinel?.login?.password,
  tls?.keyPassphrase,
]

/** Everything in the configuration that is nobody's business. */
export const secretsOf = (config: Config): string[] => {
  const ofPairs = config.pairs.flatMap(({ elasticsearch, cassandra }) => {
    const { auth, tls, headers } = elasticsearch.connection
    const { credentials, tls: cassandraTls } = cassandra.connection
    const login = auth && 'password' in auth ? [auth.password, base64(`${auth.username}:${auth.password}`)] : []
    const key = auth && 'apiKey' in auth ? [auth.apiKey, ...keyIn(auth.apiKey)] : []
    const token = auth && 'bearer' in auth ? [auth.bearer] : []
    const sent = Object.entries(headers ?? {}).flatMap(([name, value]) =>
      /auth|key|token|cookie/i.test(name) ? value : [],
    )
    return [...login, ...key, ...token, ...sent, tls?.keyPassphrase, credentials?.password, cassandraTls?.keyPassphrase]
  })
  const ofUsers = (config.http.users ?? []).map(({ password }) => password)
  return [...ofPairs, ...ofUsers, ...ofRedis(config)].flatMap((secret) => secret || [])
}

/** As it is, in an address, and in JSON: the forms that messages of drivers and servers repeat it in. */
const forms = (secret: string): string[] => [
  secret,
  decoded(secret),
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
]

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

const patterns = new WeakMap<Config, RegExp | undefined>()

/** A short secret is replaced only where it stands alone, or an "a" would make every message unreadable. */
const patternFor = (config: Config): RegExp | undefined => {
  if (patterns.has(config)) return patterns.get(config)
  const all = [...new Set(secretsOf(config).flatMap(forms))].sort((a, b) => b.length - a.length)
  const parts = all.map((secret) => (secret.length < 4 ? `(?<![\\w])${escaped(secret)}(?![\\w])` : escaped(secret)))
  const pattern = parts.length > 0 ? new RegExp(parts.join('|'), 'g') : undefined
  patterns.set(config, pattern)
  return pattern
}

/** Removes every secret of the configuration, and the password of every address, from a text that is shown. */
export const redactSecrets = (text: string, config: Config): string => {
  const pattern = patternFor(config)
  return redactUrl(pattern ? text.replaceAll(pattern, mark) : text)
}
