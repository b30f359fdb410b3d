/** Alerts, board and runbook have to speak of what the program exposes and says. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { load } from 'js-yaml'
import { describe, expect, it, test } from 'vitest'
import { errorCodes } from '../../src/core/errors.js'
import { pairStates } from '../../src/core/pair-status.js'
import { noResult, progressOf } from '../../src/core/run.js'
import { emptyReport } from '../../src/core/report.js'
import { createMetrics } from '../../src/http/metrics.js'
import { testClock } from '../support/daemon/memory-ports.js'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[]
}
interface RuleTests {
  readonly tests: readonly {
    readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[]
  }[]
}
interface Board {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[]
}
const rules = (load(read('deploy/prometheus/alerts.yaml')) as Rules).groups.flatMap((group) => group.rules)
const ruleTests = (load(read('deploy/prometheus/alerts.test.yaml')) as RuleTests).tests.flatMap(
  (each) => each.alert_rule_test,
)
const panels = (JSON.parse(read('deploy/grafana/caes-sync.json')) as Board).panels
const runbook = read('docs/runbook.md')

/** What BullMQ adds in dashboards; the integration test of the dashboard sees it there. */
const ofBullmq = ['bullmq_job_count']

/** Samples of everything that a process can expose, after everything was observed once. */
const samples = async (): Promise<string> => {
  const metrics = createMetrics(testClock(1_000_000_000), '1')
  const report = emptyReport('p', { from: 0, to: 1 })
  metrics.recordsSynced(report)
  metrics.windowCompleted(report)
  metrics.lateWritesCaught('p', { elasticsearch: 0, cassandra: 0 })
  metrics.observed('p', 0, 1)
  metrics.rejectsObserved('p', 0)
  metrics.storeObserved({ side: 'cassandra', name: 'here' }, true)
  const plan = { purpose: 'reconciliation', source: 'both', cut: { rowParts: 1, expected: 1, begunAt: 1 } } as const
  metrics.runsObserved('p', [progressOf({ pair: 'p', number: 1, plan, startedAt: 1 }, new Map())], 1)
  metrics.partEnded('p', 'failed')
  metrics.partWorked('p', 'audit', { ...noResult, differences: 0, repaired: 0 })
  metrics.reconciliationStarted('p')
  metrics.statusObserved('p', { state: 'in sync', paused: false, failedWindows: 0 })
  return metrics.text()
}
const metricNames = (expr: string): string[] => [
  ...new Set([...expr.matchAll(/\b((?:caes_sync|bullmq|process|nodejs)_\w+)/g)].map(([, name]) => name!)),
]
const labelValues = (expr: string): (readonly [string, string])[] =>
  [...expr.matchAll(/(\w+)=~?"([^"]+)"/g)].flatMap(([, label, values]) =>
    values!.split('|').map((value) => [label!, value] as const),
  )

const expressions = [
  ...rules.map(({ alert, expr }) => ({ of: alert, expr })),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ of: title, expr }))),
]

describe('alerts and board', () => {
  test.each(expressions)('$of: $expr asks for what is exposed', async ({ expr }) => {
    const text = await samples()
    const names = metricNames(expr)
    expect(names.length).toBeGreaterThan(0)
    for (const name of names.filter((each) => !ofBullmq.includes(each))) {
      expect(text).toMatch(new RegExp(`^${name}[{ ]`, 'm'))
    }
    for (const [label, value] of labelValues(expr)) expect(text).toContain(`${label}="${value}"`)
  })

  it('there is an alert for each way in which a pair goes wrong', () => {
    expect(rules.length).toBeGreaterThanOrEqual(6)
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  })

  test.each(rules)('$alert is tested where it has to speak and where it has to be silent', ({ alert }) => {
    const cases = ruleTests.filter(({ alertname }) => alertname === alert)
    expect(cases.map(({ exp_alerts }) => exp_alerts.length > 0)).toEqual(expect.arrayContaining([true, false]))
  })

  // Prometheus' own program says what the rules say; where it is not installed, the rest of this file has to do.
  const programs = ['promtool'].filter((program) => spawnSync(program, ['--version']).status === 0)
  test.each(programs)('they say what their tests expect, to Prometheus itself by its %s', (program) => {
    const file = fileURLToPath(new URL('../../deploy/prometheus/alerts.test.yaml', import.meta.url))
    const { status, stdout, stderr } = spawnSync(program, ['test', 'rules', file], { encoding: 'utf8' })
    expect({ status, said: `${stdout}${stderr}` }).toMatchObject({ status: 0 })
  })

  it('a state that is not known is not exposed at all', async () => {
    const metrics = createMetrics(testClock(0), '1')
    metrics.statusObserved('p', { state: 'stalled', paused: false, failedWindows: 2 })
    expect(await metrics.text()).toContain('caes_sync_state{pair="p",state="stalled"} 1')
    metrics.statusObserved('p', { state: undefined, paused: undefined, failedWindows: undefined })
    expect(await metrics.text()).not.toMatch(/^caes_sync_(state|paused|failed_windows)\{/m)
    expect(pairStates).toContain('stalled')
  })
})

describe('the runbook', () => {
  const sections = new Map(
    runbook
      .split(/^### /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf('\n')), section]),
  )
  const subjects = [...rules.map(({ alert }) => alert), ...Object.keys(errorCodes)]

  test.each(subjects)('%s has its meaning, its cause and what to do', (subject) => {
    const section = sections.get(subject)
    for (const part of ['*Meaning:* ', '*Cause:* ', '*What to do:* ']) expect(section).toContain(part)
  })

  it('has nothing that is neither', () => {
    expect([...sections.keys()].sort()).toEqual([...subjects].sort())
  })
})
