/** One pair: how it is, how it was, what its windows did, and what can be done about it. */
import type { PairHistory } from '../../core/pair-history.js'
import { stalls, type OpenWindows, type Stall } from '../../core/pair-status.js'
import { purposeLabel, whyReconciled } from '../../core/run-label.js'
import { spanLabel } from '../../core/span-label.js'
import type { PairOverview } from '../../sync/read-overview.js'
import { Failures } from './failures.js'
import { FlowChart } from './flow-chart.js'
import { Action } from './forms.js'
import { LagChart } from './lag-chart.js'
import { queuePath } from './links.js'
import { spans, type SpanName } from './spans.js'
import { StateMark } from './state-mark.js'
import { Strip } from './strip.js'
import { capitalised, classOf, counted, number, shownState, Time, VersionTime } from './words.js'

export interface PairProps {
  readonly pair: PairOverview
  readonly span: SpanName
  /** Whether there is no other, so that the verdict of the page has told its state already. */
  readonly isOnly: boolean
  readonly mayAct: boolean
}

export const Pair = ({ pair, span, isOnly, mayAct }: PairProps) => {
  const { name, unit, history, strip, lag, usualLag } = pair
  const state = shownState(pair.state)
  const { ago, last } = spans[span]
  // Nothing to draw, and nothing that it could mean.
  const isBlank = pair.state === 'never ran' && history?.totals.windows === 0
  return (
    <article class={`pair is-${classOf(state)}`} id={`pair-${name}`} aria-labelledby={`name-${name}`}>
      <header class="pair-head">
        <h2 id={`name-${name}`}>{name}</h2>
        <p class="state" id={`state-${name}`} data-live>
          {isOnly ? null : (
            <>
              <StateMark state={state} />
              <span>{capitalised(state)}</span>
              {lag === undefined ? null : <span class="quiet">{spanLabel(lag)} behind</span>}
            </>
          )}
        </p>
        <div class="actions" id={`actions-${name}`} data-live>
          {!mayAct ? null : pair.state === 'paused' ? (
            <Action id={`resume-${name}`} action="resume" of={{ name: 'pair', value: name }} about={name} kind="main">
              Resume
            </Action>
          ) : (
            <Action id={`pause-${name}`} action="pause" of={{ name: 'pair', value: name }} about={name}>
              Pause
            </Action>
          )}
        </div>
      </header>
      <div id={`advice-${name}`} data-live>
        <Advice pair={pair} />
      </div>
      <div id={`runs-${name}`} data-live>
        <Reconciliation pair={pair} />
      </div>
      <div id={`failures-${name}`} data-live>
        <Failures pair={pair} mayAct={mayAct} />
      </div>
      <div class="charts" id={`charts-${name}`} data-live>
        {history === undefined ? (
          <p class="empty">The history is in Redis, which does not answer.</p>
        ) : isBlank ? null : (
          <>
            <LagChart id={name} slots={history.slots} usualLag={usualLag} now={lag} begins={ago} />
            <FlowChart slots={history.slots} begins={ago} />
          </>
        )}
      </div>
      <div id={`windows-${name}`} data-live>
        {strip.length > 0 ? <Strip pair={name} unit={unit} windows={strip} /> : null}
      </div>
      <div class="facts" id={`facts-${name}`} data-live>
        <Facts pair={pair} />
        {history === undefined || isBlank ? null : <Totals history={history} last={last} />}
      </div>
    </article>
  )
}

const Advice = ({ pair: { state, stall, pause } }: { readonly pair: PairOverview }) => {
  if (stall !== undefined) {
    return (
      <p class="advice">
        <strong>{capitalised(stalls[stall].meaning)}.</strong> {whatToDo(stall)}
      </p>
    )
  }
  if (pause !== undefined) {
    return (
      <p class="advice">
        <strong>Paused by {pause.who}</strong> since <Time at={pause.since * 1_000} />. Nothing is handed out or started
        until it is resumed.
      </p>
    )
  }
  if (state === 'never ran') {
    return (
      <p class="advice">It begins with the first start of a scheduler. What was written before is left as it is.</p>
    )
  }
  return null
}

/** Nobody asked for it, so the page says why everything is read. */
const Reconciliation = ({ pair: { runs } }: { readonly pair: PairOverview }) => {
  const found = runs?.find(({ run }) => run.plan.purpose === 'reconciliation')
  if (found === undefined) return null
  return (
    <p class="advice">
      <strong>
        Reconciliation since <Time at={found.run.startedAt * 1_000} />.
      </strong>{' '}
      {capitalised(whyReconciled)}. It ends by itself.
    </p>
  )
}

/** Some of it can be done right here. */
const whatToDo = (stall: Stall) => {
  switch (stall) {
    case 'failed windows':
      return 'Mend what is said below, then retry them.'
    case 'put off':
      return (
        <>
          <a id="put-off" href={queuePath('windows', 'delayed')}>
            What they wait for
          </a>{' '}
          stands at each of them.
        </>
      )
    case 'no worker':
    case 'no planner':
      return `${capitalised(stalls[stall].advice)}.`
    default:
      return stall satisfies never
  }
}

const Facts = ({ pair }: { readonly pair: PairOverview }) => {
  const { watermark, planned, unit, open, rejects, name, runs, verifiedAt } = pair
  return (
    <dl>
      <div>
        <dt>Synced up to</dt>
        <dd>{watermark === undefined ? 'not known' : <VersionTime version={watermark} unit={unit} />}</dd>
      </div>
      <div>
        <dt>Handed out up to</dt>
        <dd>{planned === undefined ? 'not known' : <VersionTime version={planned} unit={unit} />}</dd>
      </div>
      <div>
        <dt>Backlog</dt>
        <dd>{open === undefined ? 'not known' : backlog(open)}</dd>
      </div>
      <div>
        <dt>The same as of</dt>
        <dd>{verifiedAt === undefined ? 'not audited yet' : <Time at={verifiedAt * 1_000} />}</dd>
      </div>
      {(runs ?? []).map(({ run, done, of }) => (
        <div>
          <dt>{capitalised(purposeLabel(run.plan))}</dt>
          <dd>
            <a id={`run-${name}-${run.number}`} href={queuePath('parts', 'active')}>
              {of === undefined ? 'being cut into parts' : `${number(done)} of ${counted(of, 'part')} done`}
            </a>
            , since <Time at={run.startedAt * 1_000} />
          </dd>
        </div>
      ))}
      <div>
        <dt>Set aside</dt>
        <dd>
          {rejects === undefined ? (
            'not known'
          ) : rejects === 0 ? (
            'none'
          ) : (
            <a id={`rejects-${name}`} href={queuePath('rejects', 'failed')}>
              {counted(rejects, 'record')}
            </a>
          )}
        </dd>
      </div>
    </dl>
  )
}

const backlog = (open: OpenWindows): string => {
  const parts = (
    [
      [open.active.length, 'worked on'],
      [open.waiting.length, 'waiting'],
      [open.delayed.length, 'put off'],
      [open.failed.length, 'failed'],
    ] as const
  ).filter(([count]) => count > 0)
  return parts.length === 0 ? 'nothing open' : parts.map(([count, what]) => `${number(count)} ${what}`).join(', ')
}

interface TotalsProps {
  readonly history: PairHistory
  /** `last hour` */
  readonly last: string
}

const Totals = ({ history: { totals }, last }: TotalsProps) => (
  <>
    <p class="facts-title">In the {last}</p>
    <dl>
      {(
        [
          ['Windows', totals.windows],
          ['Equal', totals.unchanged],
          ['Superseded', totals.superseded],
          ['Ties', totals.ties],
          ['Held', totals.held],
          ['Unlabelled', totals.unlabelled],
          ['Orphaned', totals.orphaned],
          ['Rejected', totals.rejected],
        ] as const
      ).map(([what, count]) => (
        <div class={count === 0 ? 'zero' : ''}>
          <dt>{what}</dt>
          <dd>{number(count)}</dd>
        </div>
      ))}
    </dl>
  </>
)
