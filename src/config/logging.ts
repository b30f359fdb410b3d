/**
 * The original's logging block, as Python's logging.config.dictConfig reads it. What Python would refuse is a problem;
 * what has no counterpart here is a warning, and its lines go to stderr: none may be lost because a class is unknown.
 */
import { levels, type HandlerPlan, type LoggerPlan, type LoggingPlan, type TextFormat } from '../core/log-plan.js'
import { filePath, type DriverContext } from './driver-options.js'
import { kwargs, scalarText, type Kwargs } from './kwargs.js'
import { readTarget } from './logging-target.js'
import { formatPath, type MappingNode, type Node, type Path } from './nodes.js'
import { closest } from './suggest.js'

export const loggingPlan = (node: Node | undefined, context: DriverContext): LoggingPlan | undefined => {
  if (node?.kind !== 'mapping') return undefined
  const { findings } = context
  const block = kwargs(node, ['logging'], findings)
  const version = block.node('version')
  if (version !== undefined && scalarText(version) !== '1') {
    block.problem(version, 'version', 'must be 1, as for Python', 'version: 1')
  }
  if (block.flag('incremental') === true) block.warn('incremental', 'has no counterpart here and is ignored')
  block.flag('disable_existing_loggers')

  const formats = eachBlock(block, 'formatters', context).map(({ name, options }) => [name, formatOf(options)] as const)
  const filters = eachBlock(block, 'filters', context).map(({ name, options }) => [name, filterOf(options)] as const)
  const known = { formats: new Map(formats), filters: new Map(filters) }
  const handlers = Object.fromEntries(
    eachBlock(block, 'handlers', context).map(({ name, options, path }) => [
      name,
      handlerOf(options, path, known, context),
    ]),
  )
  const names = new Set(Object.keys(handlers))
  const loggers = eachBlock(block, 'loggers', context).map(
    ({ name, options }) => [name, loggerOf(options, names)] as const,
  )
  const root = block.block('root')
  const rootPlan = root === undefined ? undefined : loggerOf(root, names)
  block.finish()
  return {
    handlers,
    loggers: {
      ...Object.fromEntries(loggers),
      '': rootPlan ?? { level: levels.WARNING, handlers: [], propagate: false },
    },
  }
}

interface Named {
  readonly name: string
  readonly path: Path
  readonly options: Kwargs
}

const eachBlock = (block: Kwargs, key: string, { findings }: DriverContext): Named[] => {
  const node = block.node(key)
  if (node === undefined) return []
  if (node.kind !== 'mapping') {
    block.problem(node, key, 'must be a block of keys')
    return []
  }
  return [...node.entries].flatMap(([name, { value }]) => {
    const path = ['logging', key, name]
    const isEmpty = value.kind === 'scalar' && value.value === null
    if (value.kind === 'mapping' || isEmpty) {
      return [{ name, path, options: kwargs(isEmpty ? undefined : (value as MappingNode), path, findings) }]
    }
    findings.problems.push({ at: value.at, what: `${formatPath(path)} must be a block of keys` })
    return []
  })
}

const formatOf = (options: Kwargs): TextFormat => {
  const style = options.text('style') ?? '%'
  const format = options.text('format', 'fmt')
  const dateFormat = options.text('datefmt')
  options.flag('validate')
  foreign(options)
  options.finish()
  const usual = { '%': '%(message)s', '{': '{message}', $: '$message' } as const
  const known = style === '{' || style === '$' ? style : '%'
  return { style: known, format: format ?? usual[known], ...(dateFormat === undefined ? {} : { dateFormat }) }
}

/** The logger that a filter lets pass, with all below it; empty for all. */
const filterOf = (options: Kwargs): string => {
  const name = options.text('name') ?? ''
  foreign(options)
  options.finish()
  return name
}

/** A class of the user's own, or a factory: Python code that cannot be run here. */
const foreign = (options: Kwargs): void => {
  for (const key of ['class', '()']) {
    const written = scalarText(options.node(key))
    if (written !== undefined && !/^logging\.(?:Formatter|Filter)$/.test(written)) {
      options.warn(key, `names "${written}", which is not known here; the usual one is used`)
    }
  }
}

interface Known {
  readonly formats: ReadonlyMap<string, TextFormat>
  readonly filters: ReadonlyMap<string, string>
}

const handlerOf = (options: Kwargs, path: Path, { formats, filters }: Known, context: DriverContext): HandlerPlan => {
  const formatter = namedIn(options, 'formatter', formats)
  const only = (options.list('filters') ?? []).flatMap((name) => filters.get(name) || [])
  const plan = {
    level: levelOf(options) ?? 0,
    format: formatter ?? { style: '%' as const, format: '%(message)s' },
    only,
    target: readTarget(options, path, {
      fileOf: (written) => filePath(written, context) ?? written,
    }),
  }
  options.finish()
  return plan
}

const loggerOf = (options: Kwargs, handlers: ReadonlySet<string>): LoggerPlan => {
  const level = levelOf(options)
  const named = options.list('handlers') ?? []
  for (const name of named) {
    if (!handlers.has(name))
      options.problem(
        options.node('handlers')!,
        'handlers',
        `names "${name}", which is no handler`,
        hintOf(name, handlers),
      )
  }
  const propagate = options.flag('propagate') ?? true
  if (options.node('filters'))
    options.warn('filters', 'of loggers are not known here and are ignored; those of handlers are')
  options.finish()
  return { level, handlers: named.filter((name) => handlers.has(name)), propagate }
}

const namedIn = <T>(options: Kwargs, key: string, known: ReadonlyMap<string, T>): T | undefined => {
  const name = options.text(key)
  if (name === undefined || known.has(name)) return known.get(name ?? '')
  options.problem(options.node(key)!, key, `names "${name}", which is no ${key}`, hintOf(name, known.keys()))
  return undefined
}

const hintOf = (name: string, known: Iterable<string>): string | undefined => {
  const meant = closest(name, known)
  return meant === undefined ? undefined : `"${meant}"`
}

const levelNames: ReadonlyMap<string, number | undefined> = new Map<string, number | undefined>([
  ...Object.entries(levels),
  ['WARN', levels.WARNING],
  ['FATAL', levels.CRITICAL],
  ['NOTSET', undefined],
])

/** A name of Python's or a number; NOTSET leaves it to the loggers above. */
const levelOf = (options: Kwargs): number | undefined => {
  const node = options.node('level')
  const written = scalarText(node)
  if (node === undefined) return undefined
  if (written !== undefined && /^\d+$/.test(written)) return Number(written) || undefined
  if (written !== undefined && levelNames.has(written)) return levelNames.get(written)
  const meant = closest(written ?? '', levelNames.keys())
  options.problem(node, 'level', 'must be DEBUG, INFO, WARNING, ERROR, CRITICAL or a number', meant)
  return undefined
}
