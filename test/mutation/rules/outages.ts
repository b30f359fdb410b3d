/** Mutants of what holds through outages and overload (rules E to K of SPEC.md). */
import { edit, type Mutants } from '../mutant.js'

export const outages: Mutants = {
  'E · a window that may not start': [
    {
      breaks: 'the first gate alone is asked',
      edits: [edit('core/gate.ts', '      if (closed !== undefined) return closed\n', '      return closed\n')],
    },
    {
      breaks: 'a gate behind a closed one is asked, and counts a window that does not start',
      edits: [
        edit(
          'core/gate.ts',
          '    for (const gate of gates) {\n      const closed = gate(pair)\n      if (closed !== undefined) return closed\n    }\n    return undefined',
          '    return gates.map((gate) => gate(pair)).find((closed) => closed !== undefined)',
        ),
      ],
    },
  ],
  'F · a pause holds': [
    {
      breaks: 'windows of a paused pair are handed out',
      edits: [edit('sync/plan-windows.ts', 'const planned = paused ? [] : plan(', 'const planned = plan(')],
    },
    {
      breaks: 'a pair that was paused before its first start begins all the same',
      edits: [edit('sync/plan-windows.ts', '  if (paused && seen === undefined) return undefined\n', '')],
    },
    {
      breaks: 'audits of a paused pair are handed out',
      edits: [
        edit(
          'sync/plan-windows.ts',
          'if (rule === undefined || paused) return []',
          'if (rule === undefined) return []',
        ),
      ],
    },
    {
      breaks: 'a pause is not looked for in the status',
      edits: [edit('core/pair-status.ts', "  if (paused === true) return { state: 'paused', stall: undefined }\n", '')],
    },
  ],
  'G · an outage costs no attempts': [
    {
      breaks: 'the first failure opens the breaker',
      edits: [edit('core/breaker.ts', 'return failures < rules.failures ?', 'return failures < 1 ?')],
    },
    {
      breaks: 'the breaker never opens',
      edits: [edit('core/breaker.ts', 'return failures < rules.failures ?', 'return failures > 0 ?')],
    },
    {
      breaks: 'a success does not forget the failures before it',
      edits: [
        edit(
          'core/breaker.ts',
          "(breaker.state === 'open' ? breaker : closedBreaker)",
          "(breaker.state === 'probing' ? closedBreaker : breaker)",
        ),
      ],
    },
    {
      breaks: 'what started before the outage closes the breaker',
      edits: [edit('core/breaker.ts', "(breaker.state === 'open' ? breaker : closedBreaker)", 'closedBreaker')],
    },
    {
      breaks: 'what started before the outage keeps the breaker open for longer',
      edits: [edit('core/breaker.ts', "  if (breaker.state === 'open') return breaker\n  if", '  if')],
    },
    {
      breaks: 'any number of windows find out whether the store answers',
      edits: [
        edit(
          'core/breaker.ts',
          "breaker.state === 'closed' ? breaker : { state: 'probing', times: breaker.times, until: now + probeMs }",
          'breaker.until > now + probeMs ? closedBreaker : breaker',
        ),
      ],
    },
    {
      breaks: 'a probe that fails closes the breaker',
      edits: [
        edit(
          'core/breaker.ts',
          "if (breaker.state === 'probing') return opened(breaker.times + 1)",
          "if (breaker.state === 'probing') return closedBreaker",
        ),
      ],
    },
    {
      breaks: 'the breaker does not wait longer each time',
      edits: [edit('core/breaker.ts', 'return opened(breaker.times + 1)', 'return opened(breaker.times)')],
    },
    {
      breaks: 'a probe that tells nothing keeps the next one waiting',
      edits: [
        edit(
          'core/breaker.ts',
          'times: breaker.times, until: now } : breaker',
          'times: breaker.times, until: breaker.until } : breaker',
        ),
      ],
    },
    {
      breaks: 'pauses have no end to their growth',
      edits: [
        edit(
          'core/pause.ts',
          'Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30))',
          'firstMs * 2 ** Math.min(failures - 1, 30)',
        ),
      ],
    },
    {
      breaks: 'those who failed together come back together',
      edits: [edit('core/pause.ts', '(0.5 + random / 2)', '(random < 0 ? 0 : 1)')],
    },
    {
      breaks: 'a store that is away costs its windows an attempt',
      edits: [edit('core/failed-attempt.ts', "  ['CAES_CASSANDRA_DOWN', { kind: 'store', side: 'cassandra' }],\n", '')],
    },
    {
      breaks: 'the other store is blamed',
      edits: [
        edit(
          'core/failed-attempt.ts',
          "['CAES_ELASTICSEARCH_DOWN', { kind: 'store', side: 'elasticsearch' }]",
          "['CAES_ELASTICSEARCH_DOWN', { kind: 'store', side: 'cassandra' }]",
        ),
      ],
    },
    {
      breaks: 'a wrong configuration is tried again and again',
      edits: [
        edit(
          'core/failed-attempt.ts',
          "error.exitCode === exitCode.badConfig ? 'hopeless' : 'counts'",
          "error.exitCode < 0 ? 'hopeless' : 'counts'",
        ),
      ],
    },
    {
      breaks: 'pairs of other clusters wait as well',
      edits: [
        edit(
          'daemon/store-watch.ts',
          '(stores.get(pair) ?? []).map((store) => watched.get(store)!)',
          '(pair === "" ? [] : [...watched.values()])',
        ),
      ],
    },
  ],
  'J · a process that hangs': [
    {
      breaks: 'a new sign of life does not count',
      edits: [edit('core/stuck.ts', '{ sign: now, missed: 0 }', '{ sign: now, missed }')],
    },
    {
      breaks: 'nothing is ever stuck',
      edits: [edit('core/stuck.ts', 'missed >= most', 'missed > most * 1_000')],
    },
    {
      breaks: 'answers of a store are not heard',
      edits: [
        edit(
          'sync/heard-pair.ts',
          '    const here = await answer\n    onAnswer()\n',
          '    const here = await answer\n',
        ),
      ],
    },
  ],
  'K · an overloaded store': [
    {
      breaks: 'overload does not slow requests down',
      edits: [
        edit(
          'core/pace.ts',
          'Math.floor(Math.min(pace.limit, underWay) / 2)',
          'Math.floor(Math.min(pace.limit, underWay + 1e9))',
        ),
      ],
    },
    {
      breaks: 'requests that met overload together slow down each',
      edits: [edit('core/pace.ts', 'number < pace.since\n', 'number < 0\n')],
    },
    {
      breaks: 'a limit far above what is under way is halved, and says nothing',
      edits: [edit('core/pace.ts', 'Math.min(pace.limit, underWay) / 2', 'Math.max(pace.limit, underWay) / 2')],
    },
    {
      breaks: 'nothing may be sent any more after enough overload',
      edits: [edit('core/pace.ts', 'limit: Math.max(1, Math.floor(', 'limit: Math.max(0, Math.floor(')],
    },
    {
      breaks: 'the pace never recovers',
      edits: [edit('core/pace.ts', 'pace.limit + 1 / pace.limit)', 'pace.limit)')],
    },
    {
      breaks: 'the pace recovers at once',
      edits: [edit('core/pace.ts', 'Math.min(pace.most, pace.limit + 1 / pace.limit)', 'pace.most')],
    },
    {
      breaks: 'the pace grows beyond what was asked for',
      edits: [
        edit(
          'core/pace.ts',
          'Math.min(pace.most, pace.limit + 1 / pace.limit)',
          '(pace.most > 0 ? pace.limit + 1 / pace.limit : 0)',
        ),
      ],
    },
  ],
  'M · how a pair is': [
    {
      breaks: 'a failed window that holds the watermark is not said',
      edits: [
        edit(
          'core/pair-status.ts',
          "  if (open !== 'unknown' && open.failed.some((window) => holds(window, progress))) return stalled('failed windows')\n",
          '',
        ),
      ],
    },
    {
      breaks: 'a failed window that holds nothing is said to hold the watermark',
      edits: [edit('core/pair-status.ts', '...acknowledged]).length > 0', '...acknowledged]).length >= 0')],
    },
    {
      breaks: 'what cannot be read is taken for well',
      edits: [
        edit(
          'core/pair-status.ts',
          "  if (open === 'unknown') return unknown\n  const moves",
          "  if (open === 'unknown') return { state: 'in sync', stall: undefined }\n  const moves",
        ),
      ],
    },
    {
      breaks: 'a pair of which nothing is known never ran',
      edits: [edit('core/pair-status.ts', "if (progress === 'none')", "if (typeof progress === 'string')")],
    },
    {
      breaks: 'lag that is usual is not taken for in sync',
      edits: [edit('core/pair-status.ts', 'settle + 3 * interval', 'settle')],
    },
    {
      breaks: 'windows that nobody works on are said to move',
      edits: [edit('core/pair-status.ts', 'open.active.length > 0 ||', 'open.active.length >= 0 ||')],
    },
    {
      breaks: 'a worker is missed where windows are put off',
      edits: [
        edit(
          'core/pair-status.ts',
          "  if (waiting.length > 0) return 'no worker'\n",
          "  if (waiting.length + delayed.length > 0) return 'no worker'\n",
        ),
      ],
    },
  ],
}
