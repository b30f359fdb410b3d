/**
 * The file's schema as JSON Schema (draft-07), for editors. Made from the one schema that checks the file, and as
 * forgiving: a value may come from a variable, text may look like a number, and a key may stand without a value.
 */
import { z } from 'zod'
import { defaultOf } from './schema-walk.js'
import { fileSchema } from './schema.js'

export type JsonSchema = { [keyword: string]: unknown }

const variable: JsonSchema = {
  description: 'Taken from the environment: ${NAME} or ${NAME:-default}.',
  type: 'string',
  pattern: String.raw`\$\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\}`,
}
const fromVariable: JsonSchema = { $ref: '#/definitions/variable' }

/** Said of a value wherever it comes from, so they stay outside of its alternatives. */
const annotations = ['description', 'default', 'examples']

export const configJsonSchema = (): JsonSchema => {
  const made = z.toJSONSchema(fileSchema, {
    target: 'draft-7',
    io: 'input',
    // Zod leaves these out where a value is transformed, since they could be meant for the result; here they never are.
    override: ({ zodSchema, jsonSchema }) => {
      const { examples } = z.globalRegistry.get(zodSchema) ?? {}
      if (Array.isArray(examples)) jsonSchema.examples = examples
      const usual = defaultOf(zodSchema)
      if (usual !== undefined && !isBlock(usual)) jsonSchema.default = usual
      else delete jsonSchema.default
    },
  }) as JsonSchema
  const { $schema, ...root } = block(made)
  return {
    $schema,
    title: 'caes-sync',
    description: 'Configuration of caes-sync. Durations are seconds, or 500ms, 2s, 5m, 1h.',
    ...root,
    // A file may consist of named pairs alone.
    anyOf: [
      { required: ['ElasticSearchConfig', 'CassandraConfig'] },
      { required: ['pairs'], properties: { ElasticSearchConfig: false, CassandraConfig: false } },
    ],
    definitions: { variable },
  }
}

const isBlock = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Keys with their schemas; those that may be missing may also stand without a value. */
const block = (schema: JsonSchema): JsonSchema => {
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  const properties = Object.entries(isBlock(schema['properties']) ? schema['properties'] : {}).map(([key, inner]) => {
    const allowed = value(inner as JsonSchema)
    return [key, required.includes(key) ? allowed : orNothing(allowed)] as const
  })
  return { ...schema, properties: Object.fromEntries(properties) }
}

const value = (schema: JsonSchema): JsonSchema => {
  if (isBlock(schema['properties'])) return block(schema)
  if (isBlock(schema['items'])) return { ...schema, items: value(schema['items']) }
  const { anyOf } = schema
  if (!Array.isArray(anyOf)) return isScalar(schema) ? withVariable(written(schema)) : withoutNoise(schema)
  const alternatives = anyOf as JsonSchema[]
  // Where numbers have an alternative of their own, its bounds count.
  const takesNumbers = alternatives.some(({ type }) => type === 'number' || type === 'integer')
  const each = alternatives.map((one) =>
    isBlock(one['items']) || isBlock(one['properties']) ? value(one) : takesNumbers ? withoutNoise(one) : written(one),
  )
  return withVariable({ ...schema, anyOf: each })
}

const isScalar = ({ type }: JsonSchema): boolean => ['string', 'number', 'integer', 'boolean'].includes(String(type))

/** Unquoted, a version such as 2024.10 is a number; it is taken as the text that it was written as. */
const written = (schema: JsonSchema): JsonSchema => {
  const clean = withoutNoise(schema)
  const { type, pattern } = clean
  const takesDigits = clean['enum'] === undefined && (typeof pattern !== 'string' || new RegExp(pattern).test('7'))
  return type === 'string' && takesDigits ? { ...clean, type: ['string', 'number'] } : clean
}

/** Plain text may be a variable anyway. */
const withVariable = (schema: JsonSchema): JsonSchema => {
  if (schema['anyOf'] === undefined && schema['pattern'] === undefined && schema['enum'] === undefined) {
    const types = [schema['type']].flat()
    if (types.includes('string')) return schema
  }
  const said = Object.entries(schema).filter(([keyword]) => annotations.includes(keyword))
  const rules = Object.fromEntries(Object.entries(schema).filter(([keyword]) => !annotations.includes(keyword)))
  const { anyOf } = rules
  const alternatives = Array.isArray(anyOf) ? (anyOf as JsonSchema[]) : [rules]
  return { ...Object.fromEntries(said), anyOf: [...alternatives, fromVariable] }
}

const orNothing = (schema: JsonSchema): JsonSchema => {
  if (Array.isArray(schema['anyOf']))
    return { ...schema, anyOf: [...(schema['anyOf'] as JsonSchema[]), { type: 'null' }] }
  return { ...schema, type: [schema['type'], 'null'].flat() }
}

/** What Zod says of any whole number and of any record. */
const withoutNoise = ({ maximum, propertyNames, ...schema }: JsonSchema): JsonSchema => {
  void propertyNames
  return maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? schema : { ...schema, maximum }
}
