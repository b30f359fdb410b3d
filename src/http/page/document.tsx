/** The status page. It is complete without its script, which only keeps it up to date and says times as local ones. */
import { errorText } from '../../core/error-text.js'
import type { Overview } from '../../sync/read-overview.js'
import { Fault } from './failures.js'
import type { Visitor } from '../permission.js'
import { boardPath } from './links.js'
import type { Notice } from './notice.js'
import { Pair } from './pair.js'
import { spans, type SpanName } from './spans.js'
import { Pairs, Verdict, verdictText, worstState } from './verdict.js'
import { classOf, counted, Time } from './words.js'

export interface PageProps {
  readonly overview: Overview
  readonly span: SpanName
  /** Whether somebody chose the span; otherwise it follows what there is to show. */
  readonly isChosen: boolean
  /** What came of the action that led here. */
  readonly notice?: Notice
  readonly version: string
  /** Undefined where nobody has to log in. */
  readonly visitor?: Visitor | undefined
  /** Whether the visitor may do something; who may not sees no buttons. */
  readonly mayAct: boolean
}

export const Document = ({ overview, span, isChosen, notice, version, visitor, mayAct }: PageProps) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="robots" content="noindex" />
      <title>{`${verdictText(overview)} · caes-sync`}</title>
      <link rel="icon" href={`assets/icon-${classOf(worstState(overview.pairs))}.svg`} type="image/svg+xml" />
      <link rel="stylesheet" href="assets/status.css" />
      <script type="module" src="assets/status.js"></script>
    </head>
    <body>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="bar">
        <p class="brand">caes-sync</p>
        <nav aria-label="Dashboard">
          <ul>
            <li>
              <a href="./" aria-current="page">
                Status
              </a>
            </li>
            <li>
              <a href={boardPath}>Queues</a>
            </li>
          </ul>
        </nav>
        <p class="live" id="live">
          As of <Time at={overview.at} />
        </p>
        {visitor === undefined ? null : <Who visitor={visitor} />}
      </header>
      <main id="main" data-source={isChosen ? `fragment?span=${span}` : 'fragment'}>
        {notice === undefined ? null : (
          <p class={`notice ${notice.good ? 'good' : 'bad'}`} role="status">
            {notice.text}
          </p>
        )}
        <Live overview={overview} span={span} mayAct={mayAct} />
      </main>
      <p class="for-readers" id="announcement" role="status"></p>
      <footer>
        <p>caes-sync {version}</p>
      </footer>
    </body>
  </html>
)

/** What the script asks for again and again, and replaces part by part: each element with `data-live`. */
export const Live = ({ overview, span, mayAct }: Pick<PageProps, 'overview' | 'span' | 'mayAct'>) => (
  <>
    <p class="for-readers" id="announce" data-announce={verdictText(overview)} data-live></p>
    <Verdict overview={overview} />
    <div id="faults" data-live>
      {[...new Map(overview.faults.map((error) => [errorText(error), error])).values()].map((error) => (
        <p class="fault" role="alert">
          <Fault error={error} />
        </p>
      ))}
    </div>
    <Pairs pairs={overview.pairs} />
    <div class="above">
      <nav aria-label="Time shown" class="spans" id="spans" data-live>
        <ul>
          {Object.entries(spans).map(([name, { title }]) => (
            <li>
              <a id={`span-${name}`} href={`?span=${name}`} aria-current={name === span ? 'true' : undefined}>
                {title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <p class={overview.workers === 0 ? 'workers none' : 'workers'} id="workers" data-live>
        {overview.workers === undefined ? 'Workers: not known' : workersText(overview.workers)}
      </p>
    </div>
    {overview.pairs.map((pair) => (
      <Pair pair={pair} span={span} isOnly={overview.pairs.length === 1} mayAct={mayAct} />
    ))}
  </>
)

const Who = ({ visitor: { name, role } }: { readonly visitor: Visitor }) => (
  <form method="post" action="logout" class="who">
    <p>
      <span class="pair-name">{name}</span> <span class="quiet">{role}</span>
    </p>
    <button type="submit" id="logout" class="button quiet">
      Log out
    </button>
  </form>
)

const workersText = (workers: number): string =>
  workers === 0
    ? 'No worker is there to take windows'
    : `${counted(workers, 'worker')} ${workers === 1 ? 'takes' : 'take'} windows`
