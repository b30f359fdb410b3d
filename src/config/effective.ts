/** Every value that is in force and where it comes from, for people who wonder. Holds no secret. */
import { z } from 'zod'
import { formatDuration } from './duration.js'
import { child, formatPath, toData, type Node, type Path } from './nodes.js'
import { formatOrigin, type Origin } from './origin.js'
import type { LoadedConfig } from './load.js'
import { isReference, masked } from './masked.js'
import { bare, defaultOf } from './schema-walk.js'
import { defaultRedisUrl } from './redis-schema.js'
import { fileSchema } from './schema.js'
import { isSecretPath } from './secrets.js'
import { isWritten } from './settings.js'

export interface EffectiveValue {
  readonly path: Path
  /** As it would be written; what is secret in it is masked. */
  readonly value: unknown
  readonly origin: 'flag' | 'environment' | 'file' | 'default'
  /** `caes-sync.yaml:3:5`, `--set sync.overlap=…`, `environment variable CAES__SYNC__OVERLAP`; none for a default. */
  readonly where?: string
  /** Variables that the value was made of, where the file refers to them. */
  readonly variables?: readonly string[]
}

type AnySchema = z.core.$ZodType

/** In the order of the schema. Optional keys that nobody gives are left out. */
export const effectiveValues = ({ config, written, env }: LoadedConfig): EffectiveValue[] => {
  const values: EffectiveValue[] = []
  const add = (path: Path, value: unknown, from: Pick<EffectiveValue, 'origin' | 'where' | 'variables'>): void => {
    values.push({ path, value: masked(value, path, config), ...from })
  }

  const addWritten = (path: Path, node: Node): void => {
    if (isSecretPath(path) && isReference(toData(node))) return add(path, toData(node), originOf(node))
    if (node.kind === 'mapping' && node.entries.size > 0) {
      for (const [key, { value }] of node.entries) addWritten([...path, key], value)
    } else if (node.kind === 'sequence' && node.items.some((item) => item.kind !== 'scalar')) {
      for (const [index, item] of node.items.entries()) addWritten([...path, index], item)
    } else add(path, plainValue(node), originOf(node))
  }

  /** @param inherited where the value of a pair is taken from if the pair does not give it */
  const visit = (path: Path, schema: AnySchema, node: Node | undefined, inherited?: Inherited): void => {
    const block = bare(schema)
    if (block instanceof z.ZodObject) {
      if (!isWritten(node) && schema instanceof z.ZodOptional && inherited === undefined) return
      for (const [key, inner] of Object.entries<AnySchema>(block.shape)) {
        visit([...path, key], inner, node && child(node, key), inherited && inheritedBelow(inherited, key))
      }
    } else if (block instanceof z.ZodArray && block.element instanceof z.ZodObject && node?.kind === 'sequence') {
      for (const [index, item] of node.items.entries()) {
        for (const [key, inner] of Object.entries<AnySchema>(block.element.shape)) {
          const whole = key === 'sync' ? { schema: fileSchema.shape.sync, node: child(written, 'sync') } : undefined
          visit([...path, index, key], inner, child(item, key), whole)
        }
      }
    } else if (isWritten(node)) addWritten(path, node)
    else if (inherited !== undefined) visit(path, inherited.schema, inherited.node)
    else {
      const usual = defaultOf(schema)
      if (usual !== undefined) add(path, usual, { origin: 'default' })
      else if (formatPath(path) === 'worker.lock') {
        add(path, formatDuration(config.worker.lockMs), { origin: 'default' })
      } else if (formatPath(path) === 'redis.url' && config.redis.url !== undefined) {
        add(path, config.redis.url, redisOrigin(env['REDIS_URL']))
      }
    }
  }
  visit([], fileSchema, written)
  return values
}

interface Inherited {
  readonly schema: AnySchema
  readonly node: Node | undefined
}

const inheritedBelow = ({ schema, node }: Inherited, key: string): Inherited | undefined => {
  const block = bare(schema)
  const inner = block instanceof z.ZodObject ? (block.shape as Record<string, AnySchema>)[key] : undefined
  return inner && { schema: inner, node: node && child(node, key) }
}

const plainValue = (node: Node): unknown => {
  if (node.kind === 'scalar' && (node.value instanceof Date || node.value instanceof Uint8Array)) return node.text
  return toData(node)
}

const originOf = (node: Node): Pick<EffectiveValue, 'origin' | 'where' | 'variables'> => {
  const variables = node.kind === 'scalar' && node.at.kind === 'file' ? node.from : []
  return {
    origin: kindOf(node.at),
    where: formatOrigin(node.at),
    ...(variables.length > 0 ? { variables } : {}),
  }
}

const kindOf = ({ kind }: Origin): EffectiveValue['origin'] => (kind === 'set' ? 'flag' : kind)

const redisOrigin = (variable: string | undefined): Pick<EffectiveValue, 'origin' | 'where'> =>
  variable === undefined || variable === '' || variable === defaultRedisUrl
    ? { origin: 'default' }
    : { origin: 'environment', where: formatOrigin({ kind: 'environment', variable: 'REDIS_URL' }) }
