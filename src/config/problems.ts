/** Everything that is wrong with a configuration, collected first and reported together, each on its line. */
import { CaesError } from '../core/errors.js'
import { compareOrigins, formatOrigin, type Origin } from './origin.js'

export interface Problem {
  readonly at: Origin
  readonly what: string
  /** What to try, as an instruction. */
  readonly hint?: string
}

/** What a step of reading has to say; it goes on after a problem, so that the next ones are found too. */
export interface Findings {
  readonly problems: Problem[]
  readonly warnings: Problem[]
}

export const newFindings = (): Findings => ({ problems: [], warnings: [] })

/** `caes-sync.yaml:3:5: what; try hint` */
export const formatProblem = ({ at, what, hint }: Problem): string =>
  `${formatOrigin(at)}: ${what}${hint === undefined ? '' : `; try ${hint}`}`

const inFileOrder = (a: Problem, b: Problem): number => compareOrigins(a.at, b.at)

/** One line a problem, sorted by place, without repetitions. */
export const formatProblems = (problems: readonly Problem[]): string[] => [
  ...new Set([...problems].sort(inFileOrder).map(formatProblem)),
]

/** CAES_CONFIG_INVALID. The message has one line a problem; `where` is the place of the first. */
export class InvalidConfig extends CaesError {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    const sorted = [...problems].sort(inFileOrder)
    super(
      'CAES_CONFIG_INVALID',
      formatProblems(sorted).join('\n'),
      sorted[0] ? { where: formatOrigin(sorted[0].at) } : {},
    )
    this.problems = sorted
  }
}
