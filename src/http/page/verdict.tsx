/** The first thing that is seen: whether everything is in sync, and how far behind. */
import { spanLabel } from '../../core/span-label.js'
import type { Overview, PairOverview } from '../../sync/read-overview.js'
import { StateMark } from './state-mark.js'
import { capitalised, classOf, counted, shownState, type ShownState } from './words.js'

/** The worst first. */
const gravity: readonly ShownState[] = ['stalled', 'unknown', 'catching up', 'paused', 'never ran', 'in sync']

const stateOf = (pair: PairOverview): ShownState => shownState(pair.state)

export const worstState = (pairs: readonly PairOverview[]): ShownState =>
  gravity.find((state) => pairs.some((pair) => stateOf(pair) === state)) ?? 'unknown'

/** One sentence, also for the title of the page. Changes when a state does, not with every second of lag. */
export const verdictText = ({ pairs }: Overview): string => {
  const worst = worstState(pairs)
  const so = pairs.filter((pair) => stateOf(pair) === worst).length
  const failed = pairs.reduce((sum, { open }) => sum + (open?.failed.length ?? 0), 0)
  const subject = worst === 'unknown' ? 'state not known' : worst
  const text = pairs.length === 1 ? capitalised(subject) : `${so} of ${counted(pairs.length, 'pair')} ${subject}`
  return failed > 0 ? `${text}, ${counted(failed, 'window')} failed` : text
}

export const Verdict = ({ overview }: { readonly overview: Overview }) => {
  const { pairs } = overview
  const worst = worstState(pairs)
  const lags = pairs.flatMap(({ lag }) => (lag === undefined ? [] : [lag]))
  return (
    <section class={`verdict is-${classOf(worst)}`} id="verdict" data-live aria-label="All in all">
      <h1>
        <StateMark state={worst} />
        {verdictText(overview)}
      </h1>
      <p class="behind">
        {lags.length === 0 ? (
          'The lag is not known.'
        ) : (
          <>
            <span class="big">{spanLabel(Math.max(...lags))}</span> behind
            {pairs.length > 1 ? ' at most' : ''}
          </>
        )}
      </p>
    </section>
  )
}

/** Where there are several: each in a line, to go to. */
export const Pairs = ({ pairs }: Pick<Overview, 'pairs'>) =>
  pairs.length < 2 ? null : (
    <nav class="pairs" id="pairs" data-live aria-label="Pairs">
      <ul>
        {pairs.map((pair) => (
          <li>
            <a id={`to-${pair.name}`} href={`#pair-${pair.name}`} class={`is-${classOf(stateOf(pair))}`}>
              <StateMark state={stateOf(pair)} />
              <span>
                <span class="pair-name">{pair.name}</span>
                <span class="quiet">
                  {capitalised(stateOf(pair))}
                  {pair.lag === undefined ? '' : `, ${spanLabel(pair.lag)} behind`}
                </span>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
