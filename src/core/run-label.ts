/** How a run and its parts are called on boards, in logs and on a terminal. */
import type { Run, RunPlan } from './run.js'

const sides = { cassandra: 'Cassandra', elasticsearch: 'Elasticsearch', both: 'both sides' } as const

/** `copy from Cassandra`, `reconciliation`. */
export const purposeLabel = ({ purpose, source }: Pick<RunPlan, 'purpose' | 'source'>): string =>
  purpose === 'copy' ? `copy from ${sides[source]}` : purpose

/** `copy from Cassandra 3`. */
export const runLabel = ({ number, plan }: Pick<Run, 'number' | 'plan'>): string => `${purposeLabel(plan)} ${number}`
