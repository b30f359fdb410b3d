import { uuidOf } from '../../src/demo/movies.js'

/** Version 4 UUIDs, the same in every run. */
export const idsOf = (count: number, name = 'record'): string[] =>
  Array.from({ length: count }, (_, index) => uuidOf(`${name} ${index}`))
