/** A single value of the configuration without what is secret in it, also where no driver of ours would read it. */
import type { Config } from './config.js'
import type { Path } from './nodes.js'
import { mark, redactSecrets } from './redact.js'
import { isSecretPath } from './secrets.js'

const secretNames = /passw|passphrase|secret|token|api[-_]?key|private[-_]?key|cookie/i
/** Blocks and lists in which a user stands beside a password. */
const loginNames = /auth|credential/i
const publicNames = /^(?:user(?:name)?|class|type|name)$/i

/** `{ file: path }` names a secret and is none. */
export const isReference = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).join() === 'file'

export const masked = (value: unknown, path: Path, config: Config): unknown => {
  const mayBeSecret = isSecretPath(path) || path[0] === 'logging'
  if (!mayBeSecret || isReference(value)) return value
  const names = path.filter((step) => typeof step === 'string')
  if (names.some((name) => secretNames.test(name))) return mark
  const isLogin = names.some((name) => loginNames.test(name))
  if (isLogin && !publicNames.test(names.at(-1) ?? '')) return login(value)
  return redacted(value, config)
}

/** `[user, password]` or `user:password`; what has neither form is hidden altogether. */
const login = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.length === 2 ? [value[0], mark] : mark
  const [user, ...rest] = String(value).split(':')
  return rest.length > 0 ? `${user}:${mark}` : mark
}

const redacted = (value: unknown, config: Config): unknown => {
  if (typeof value === 'string') return redactSecrets(value, config)
  return Array.isArray(value) ? value.map((item: unknown) => redacted(item, config)) : value
}
