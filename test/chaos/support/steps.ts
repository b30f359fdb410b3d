/** The steps of a window and of a tick, as far as a line to a store can tell them, and ending a process right there. */
import type { Role } from '../../../src/demo/processes.js'
import type { ServerName } from '../../../stack/settings.js'
import { until } from '../../support/eventually.js'
import type { Caught, Trap } from '../../support/tcp-line.js'
import type { Member, System } from './system.js'

/** By what requests are recognised; several where the server knows a statement by several names. */
interface Marks {
  readonly index: string
  /** Ids of prepared statements, by what they do. */
  readonly statements: Readonly<Record<Statement, readonly Buffer[]>>
}

const statements = {
  readEntries: /^SELECT .* AS version FROM/,
  readRows: /WRITETIME/,
  writeEntries: /^INSERT INTO .*"ts".* USING TTL \?$/,
  writeRows: /^INSERT INTO .*"data".* USING TIMESTAMP \?$/,
  readProgress: /^SELECT watermark, .*"caes_checkpoint"/,
  recordProgress: /^UPDATE .*"caes_checkpoint" .* IF revision = /,
} as const
type Statement = keyof typeof statements

const patienceMs = 120_000

/** Cassandra knows the statements once both sides were written to: poll. */
const readMarks = (system: System): Promise<Marks> =>
  until('every statement is prepared', () => preparedIn(system), patienceMs)

const preparedIn = async (system: System): Promise<Marks | undefined> => {
  const query = 'SELECT prepared_id, query_string FROM system.prepared_statements'
  const { rows } = await system.pair.cassandra.execute(query)
  const own = rows.filter((row) => String(row['query_string']).includes(`"${system.pair.name}"`))
  const found = Object.entries(statements).map(([name, shape]) => {
    const ids = own.filter((row) => shape.test(String(row['query_string']))).map((row) => row['prepared_id'] as Buffer)
    return [name, ids] as const
  })
  if (found.some(([, ids]) => ids.length === 0)) return undefined
  return { index: system.pair.name, statements: Object.fromEntries(found) as unknown as Marks['statements'] }
}

export interface Step {
  /** Goes on from "while it …". */
  readonly name: string
  readonly store: ServerName
  readonly hold: Trap['hold']
  readonly bytes: (marks: Marks) => readonly (string | Buffer)[]
}

const elasticsearch = (name: string, path: string, hold: Trap['hold']): Step => ({
  name,
  store: 'elasticsearch',
  hold,
  bytes: ({ index }) => [path.replace('INDEX', index)],
})
const cassandra = (name: string, statement: Statement, hold: Trap['hold']): Step => ({
  name,
  store: 'cassandra',
  hold,
  bytes: (marks) => marks.statements[statement],
})
const redis = (name: string, bytes: string, hold: Trap['hold']): Step => ({
  name,
  store: 'redis',
  hold,
  bytes: () => [bytes],
})

/** In the order in which a worker does them. */
export const workerSteps: readonly Step[] = [
  elasticsearch('opens its view of the index', '/INDEX/_pit', 'request'),
  cassandra('reads the entries', 'readEntries', 'answer'),
  elasticsearch('reads documents', '/_search', 'answer'),
  cassandra('reads the rows', 'readRows', 'answer'),
  cassandra('is about to write entries', 'writeEntries', 'request'),
  cassandra('has written entries and no row', 'writeEntries', 'answer'),
  cassandra('is about to write rows', 'writeRows', 'request'),
  cassandra('has written rows', 'writeRows', 'answer'),
  elasticsearch('is about to write documents', '/INDEX/_bulk', 'request'),
  elasticsearch('has written documents', '/INDEX/_bulk', 'answer'),
  cassandra('is about to record progress', 'recordProgress', 'request'),
  cassandra('has recorded progress', 'recordProgress', 'answer'),
  redis('is about to complete the job', ':windows:completed', 'request'),
  redis('has completed the job', ':windows:completed', 'answer'),
]

export const schedulerSteps: readonly Step[] = [
  cassandra('reads progress', 'readProgress', 'answer'),
  redis('is about to hand out windows', '{"pair":"default"', 'request'),
  redis('has handed out windows', '{"pair":"default"', 'answer'),
  redis('has completed a tick', ':ticks:completed', 'answer'),
]

/** Waits until a process comes to a step, whichever is first, and holds it there. */
export const catchAt = async (
  system: System,
  role: Role,
  step: Step,
): Promise<{ readonly member: Member; readonly caught: Caught }> => {
  const patterns = step.bytes(await readMarks(system))
  const traps = system
    .members(role)
    .flatMap((member) =>
      patterns.map((bytes) => ({ member, trap: member.lines[step.store].trap({ bytes, hold: step.hold }) })),
    )
  let first: { readonly member: Member; readonly caught: Caught } | undefined
  const wait = async ({ member, trap }: (typeof traps)[number]): Promise<void> => {
    const caught = await trap.caught
    if (first === undefined) first = { member, caught }
    else caught.release()
  }
  for (const each of traps) void wait(each)
  try {
    return await until(`a process ${step.name}`, () => first, patienceMs)
  } finally {
    for (const { trap } of traps) trap.remove()
  }
}

/** Kills whichever comes to a step first. What it had sent by then arrives; what it was about to send does not. */
export const killAt = async (system: System, role: Role, step: Step): Promise<void> => {
  const { member, caught } = await catchAt(system, role, step)
  member.process.kill('SIGKILL')
  await member.process.ended
  caught.drop()
}
