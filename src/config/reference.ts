/** docs/configuration.md, made from the schema so that the two cannot differ. */
import { z } from 'zod'
import { bare, defaultOf } from './schema-walk.js'
import { fileSchema } from './schema.js'

type AnySchema = z.core.$ZodType

const introduction = `# Configuration

Made by \`npm run docs\` from [src/config/schema.ts](../src/config/schema.ts); change it there.

\`caes-sync\` reads one YAML file: \`--config FILE\`, else \`$CAES_CONFIG\`, else the first of \`./caes-sync.yaml\`, \`~/.caes/config.yaml\`
(the original's), \`/etc/caes/config.yaml\`. The smallest one:

\`\`\`yaml
interval: 60
ElasticSearchConfig: { index: stream, type: log }
CassandraConfig: { keyspace: logs, dataColumnFamily: data }
\`\`\`

- \`caes-sync init\` writes a commented file, \`caes-sync validate\` checks one and names file, line and column of all that is wrong.
- \`caes-sync config show\` prints every value that is in force and where it comes from. Secrets are masked.
- \`caes-sync config schema\` prints a JSON Schema for editors:
  save it, and put \`# yaml-language-server: $schema=caes-sync.schema.json\` on the first line of the file.

## Where values come from

What stands further up wins:

1. **the command line**: \`--set sync.overlap=30s\`, for any key, as often as needed. The value is read as YAML. Entries of \`pairs\` go by their name: \`--set pairs.orders.sync.unit=ms\`;
2. **the environment**: \`CAES__SYNC__OVERLAP=30s\`. Two underscores between the keys, letter case does not count, the value is taken as one plain value;
3. **the file**;
4. **the defaults** below.

In the file \`\${NAME}\` and \`\${NAME:-default}\` are replaced within values (never in keys or structure); \`$\${\` is a literal \`\${\`.

**Secrets** can stay out of the file: \`password: { file: /run/secrets/cassandra }\` anywhere below \`driver\`, for \`redis.url\` and for users' passwords (relative paths start at the
configuration's folder); or in a variable; or, for any variable NAME that the file refers to and any \`CAES__…\`, in the file that \`NAME__FILE\` names. A last line break is dropped.

Files are read as PyYAML read them (YAML 1.1), so those of the original mean what they meant. Durations are seconds, or \`500ms\`, \`2s\`, \`5m\`, \`1h\`. Unknown keys are errors; a key without a value is
as good as no key.

## Keys
`

export const configReference = (): string => {
  const blocks: string[] = []
  /** Pairs have the same blocks as the top level. */
  const shown = new Set<string>()
  const visit = (path: string, schema: AnySchema): void => {
    const shape = shapeOf(schema)
    const rows: string[] = []
    const inner: [string, AnySchema][] = []
    for (const [key, value] of Object.entries(shape)) {
      if (!isBlock(value)) rows.push(row(key, value))
      else if (path !== '' && shown.has(key)) rows.push(sameRow(key, value))
      else {
        shown.add(key)
        inner.push([path === '' ? key : `${path}.${key}`, value])
      }
    }
    if (path !== '') blocks.push(`### ${path}\n`, ...saying(schema))
    if (rows.length > 0) blocks.push(table(rows))
    for (const [name, value] of inner) visit(isList(value) ? `${name}[]` : name, value)
  }
  visit('', fileSchema)
  return `${[introduction, ...blocks].join('\n').trimEnd()}\n`
}

const saying = (schema: AnySchema): string[] => {
  const text = descriptionOf(schema)
  return text === undefined ? [] : [`${text}\n`]
}

/** The block itself, or that of a list's entries. */
const shapeOf = (schema: AnySchema): Readonly<Record<string, AnySchema>> => {
  const found = bare(schema)
  const block = found instanceof z.ZodArray ? bare(found.element) : found
  return block instanceof z.ZodObject ? block.shape : {}
}

const isBlock = (schema: AnySchema): boolean => Object.keys(shapeOf(schema)).length > 0
const isList = (schema: AnySchema): boolean => bare(schema) instanceof z.ZodArray

const table = (rows: readonly string[]): string =>
  ['| key | value | default | meaning |', '|---|---|---|---|', ...rows, ''].join('\n')

const row = (key: string, schema: AnySchema): string => {
  const cells = [`\`${key}\``, kindOf(schema), usual(schema), meaning(schema)]
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`
}

const sameRow = (key: string, schema: AnySchema): string =>
  `| \`${key}\` | block | ${usual(schema)} | As [${key}](#${key.toLowerCase()}) of the top level. ${descriptionOf(schema) ?? ''} |`

const usual = (schema: AnySchema): string => {
  const value = defaultOf(schema)
  if (value !== undefined) return code(value)
  return schema instanceof z.ZodOptional ? '–' : '**required**'
}

const meaning = (schema: AnySchema): string => {
  const [example] = metaOf(schema)?.examples ?? []
  const text = descriptionOf(schema) ?? ''
  return example === undefined ? text : `${text} Example: ${code(example)}`
}

const kindOf = (schema: AnySchema): string => {
  const kind = bare(schema)
  if (kind instanceof z.ZodEnum) return kind.options.map(code).join(', ')
  if (kind instanceof z.ZodRecord) return 'block'
  if (kind instanceof z.ZodNumber) return 'whole number'
  if (!(kind instanceof z.ZodUnion)) return 'text'
  const kinds = kind.options.map(bare)
  if (kinds.some((each) => each instanceof z.ZodArray)) return 'list of names'
  if (kinds.some((each) => each instanceof z.ZodObject)) return 'text, or `{ file }`'
  return kinds.some((each) => each instanceof z.ZodNumber && each.isInt) ? 'address' : 'duration'
}

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : yamlFlow(value)}\``

/** On one line, as a person would write it. */
const yamlFlow = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(yamlFlow).join(', ')}]`
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' && /[:#]/.test(value) ? JSON.stringify(value) : String(value)
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${key}: ${yamlFlow(inner)}`)
    .join(', ')} }`
}

const metaOf = (schema: AnySchema): { examples?: readonly unknown[] } | undefined => {
  const { examples } = z.globalRegistry.get(schema) ?? {}
  return Array.isArray(examples) ? { examples: examples as readonly unknown[] } : undefined
}

/** Said of the value itself, or of what it becomes once it is given. */
const descriptionOf = (schema: AnySchema): string | undefined => {
  const said = z.globalRegistry.get(schema)?.description
  if (said !== undefined || !('innerType' in schema._zod.def)) return said
  return descriptionOf(schema._zod.def.innerType as AnySchema)
}
