/** Where a handler of the logging block leads, by its class and the arguments that Python gives to it. */
import type { Target } from '../core/log-plan.js'
import { scalarText, type Kwargs } from './kwargs.js'
import { child, type Node, type Path } from './nodes.js'

export interface Targeting {
  /** The absolute path of a file. */
  readonly fileOf: (written: string) => string
}

type Reader = (options: Kwargs, targeting: Targeting) => Target

export const readTarget = (options: Kwargs, path: Path, targeting: Targeting): Target => {
  const written = scalarText(options.node('class', '()')) ?? ''
  const reader = readers[written.replace(/^logging\.(?:handlers\.)?/, '')]
  if (reader !== undefined) return reader(options, targeting)
  options.warn(
    'class',
    `names "${written}", which is not known here; what ${String(path.at(-1))} would handle goes to stderr`,
  )
  options.rest()
  return { kind: 'stderr' }
}

const fileName = (options: Kwargs, { fileOf }: Targeting): string => {
  const written = options.text('filename')
  // What has no effect here: bytes are always those of UTF-8, and a file is opened at once.
  for (const key of ['encoding', 'delay', 'errors']) options.node(key)
  return fileOf(written ?? 'caes-sync.log')
}

const truncates = (options: Kwargs): boolean => (options.text('mode') ?? 'a').startsWith('w')

const file =
  (watch: boolean): Reader =>
  (options, targeting) => ({ kind: 'file', path: fileName(options, targeting), truncate: truncates(options), watch })

const readers: Record<string, Reader> = {
  NullHandler: () => ({ kind: 'null' }),
  StreamHandler: (options) => {
    const stream = options.text('stream', 'strm') ?? 'ext://sys.stderr'
    const known = /^(?:ext:\/\/)?sys\.(stdout|stderr)$/.exec(stream)?.[1]
    if (known === undefined) options.warn('stream', `"${stream}" is not known here; stderr is used`)
    return { kind: known === 'stdout' ? 'stdout' : 'stderr' }
  },
  FileHandler: file(false),
  WatchedFileHandler: file(true),
  RotatingFileHandler: (options, targeting) => {
    const maxBytes = options.number(0, 'maxBytes') ?? 0
    // As in Python: truncating would empty the file at every start, before it is full.
    const truncate = truncates(options) && maxBytes === 0
    const backups = options.number(0, 'backupCount') ?? 0
    return { kind: 'rolling-by-size', path: fileName(options, targeting), truncate, maxBytes, backups }
  },
  TimedRotatingFileHandler: (options, targeting) => {
    const when = (options.text('when') ?? 'h').toUpperCase()
    const isKnown = /^(?:S|M|H|D|MIDNIGHT|W[0-6])$/.test(when)
    if (!isKnown) {
      const node = options.node('when')
      if (node) options.problem(node, 'when', 'must be S, M, H, D, midnight, or W0 (Monday) to W6')
    }
    const interval = Math.max(1, Math.floor(options.number(1, 'interval') ?? 1))
    const backups = options.number(0, 'backupCount') ?? 0
    const utc = options.flag('utc') ?? false
    if (options.node('atTime')) options.warn('atTime', 'has no counterpart here; files roll over at midnight')
    return {
      kind: 'rolling-by-time',
      path: fileName(options, targeting),
      when: isKnown ? when : 'H',
      interval,
      backups,
      utc,
    }
  },
  SysLogHandler: (options) => ({
    kind: 'syslog',
    address: syslogAddress(options),
    facility: facilityOf(options),
    stream: ['ext://socket.SOCK_STREAM', 'socket.SOCK_STREAM', '1'].includes(options.text('socktype') ?? ''),
    ident: options.text('ident') ?? '',
  }),
}

/** A path, or `[host, port]`; Python's own is the local machine's port 514. */
const syslogAddress = (options: Kwargs): Extract<Target, { kind: 'syslog' }>['address'] => {
  const node = options.node('address')
  if (node === undefined) return { host: 'localhost', port: 514 }
  const [host, port] = [part(node, 0), Number(part(node, 1) ?? 514)]
  if (node.kind === 'sequence' && host !== undefined && Number.isInteger(port)) return { host, port }
  const path = scalarText(node)
  if (path?.startsWith('/') === true) return path
  options.problem(node, 'address', 'must be a path such as /dev/log, or [host, port]', 'address: [localhost, 514]')
  return { host: 'localhost', port: 514 }
}

const part = (node: Node, index: number): string | undefined => scalarText(child(node, index))

/** In the order of their numbers. */
const facilities = (
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp security console solaris-cron ' +
  'local0 local1 local2 local3 local4 local5 local6 local7'
).split(' ')

/** A name or a number; Python's own is `user`. */
const facilityOf = (options: Kwargs): number => {
  const node = options.node('facility')
  const written =
    scalarText(node)
      ?.toLowerCase()
      .replace(/^.*log_/, '') ?? 'user'
  const number = /^\d+$/.test(written) ? Number(written) : facilities.indexOf(written)
  if (number >= 0 && number < facilities.length) return number
  if (node) options.problem(node, 'facility', `must be a number or one of ${facilities.join(', ')}`)
  return 1
}
