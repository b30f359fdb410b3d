/** Finds the schema of a path, for messages that name what could stand there. */
import { z } from 'zod'
import type { Path } from './nodes.js'

type AnySchema = z.core.$ZodType

/** Without default, optional and the like, down to what says which keys there are. */
export const bare = (schema: AnySchema): AnySchema => {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable
  ) {
    return bare(schema.def.innerType)
  }
  return schema instanceof z.ZodPipe ? bare(schema.def.in) : schema
}

export const schemaAt = (root: AnySchema, path: Path): AnySchema | undefined => {
  let schema: AnySchema | undefined = root
  for (const step of path) {
    const block: AnySchema | undefined = schema && bare(schema)
    if (block instanceof z.ZodObject) {
      schema = Object.hasOwn(block.shape, step) ? (block.shape as Record<string, AnySchema>)[step] : undefined
    } else schema = block instanceof z.ZodArray ? block.element : undefined
  }
  return schema
}

export const keysAt = (root: AnySchema, path: Path): string[] => {
  const schema = schemaAt(root, path)
  const block = schema && bare(schema)
  return block instanceof z.ZodObject ? Object.keys(block.shape) : []
}

/** An example of the value as it could be written, if the schema names one. */
export const exampleAt = (root: AnySchema, path: Path): string | undefined => {
  const schema = schemaAt(root, path)
  const examples = schema && z.globalRegistry.get(schema)?.examples
  const example: unknown = Array.isArray(examples) ? examples[0] : undefined
  return example === undefined ? undefined : typeof example === 'string' ? example : JSON.stringify(example)
}

/** The value that stands in for a missing key, as it would be written; undefined where there is none. */
export const defaultOf = (schema: AnySchema): unknown =>
  schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault ? schema.def.defaultValue : undefined
