/** How a run and its parts are called on boards, in logs and on a terminal. */
import type { Run, RunPlan } from './run.js'

const sides = { cassandra: 'Cassandra', elasticsearch: 'Elasticsearch', both: 'both sides' } as const

/** `copy from Cassandra`, `reconciliation`. */
export const purposeLabel = ({ purpose, source }: Pick<RunPlan, 'purpose' | 'source'>): string =>
  purpose === 'copy' ? `copy from ${sides[source]}` : purpose

/** Said wherever a reconciliation is shown: nobody asked for it. */
export const whyReconciled =
  'windows came so late that entries may have expired unread; all of both stores is read to find what they told of'

/** `copy from Cassandra 3`. */
export const runLabel = ({ number, plan }: Pick<Run, 'number' | 'plan'>): string => `${purposeLabel(plan)} ${number}`
