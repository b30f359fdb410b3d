/** One object a line, for programs that collect logs. */
import { levelName } from './levels.js'
import type { LogRecord } from './record.js'
import { jsonText } from './text.js'

/** JSON escapes controls by itself; what else a terminal might obey is escaped here, for people who look at it. */
const unprintable = /[\u007F-\u009F\p{Cf}\p{Zl}\p{Zp}]/gu

/** `{"time":"2026-01-31T10:00:00.000Z","level":"info","logger":"caes.worker","msg":"…", …}` */
export const jsonLine = ({ time, level, name, message, fields }: LogRecord): string => {
  const line = { time: new Date(time).toISOString(), level: levelName(level).toLowerCase(), logger: name, msg: message }
  return jsonText({ ...line, ...renamed(fields, line) }).replaceAll(unprintable, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

/** A field that bears the name of one of ours stands beside it with an underscore. */
const renamed = (fields: LogRecord['fields'], taken: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [Object.hasOwn(taken, name) ? `${name}_` : name, value]),
  )
