/** All mutants. `npm run mutants` makes them one by one; a unit test keeps them in step with the code. */
import type { Mutants } from './mutant.js'
import { accounting } from './rules/accounting.js'
import { comparing } from './rules/comparing.js'
import { auditing } from './rules/auditing.js'
import { dividing } from './rules/dividing.js'
import { labels } from './rules/labels.js'
import { outages } from './rules/outages.js'
import { progress } from './rules/progress.js'
import { purge } from './rules/purge.js'
import { reading } from './rules/reading.js'
import { retargeting } from './rules/retargeting.js'
import { runs } from './rules/runs.js'
import { sending } from './rules/sending.js'
import { winning } from './rules/winning.js'
import { writingOverRows } from './rules/writing-over-rows.js'

export const mutants: Mutants = {
  ...reading,
  ...labels,
  ...writingOverRows,
  ...winning,
  ...sending,
  ...purge,
  ...accounting,
  ...progress,
  ...comparing,
  ...dividing,
  ...auditing,
  ...outages,
  ...runs,
  ...retargeting,
}
