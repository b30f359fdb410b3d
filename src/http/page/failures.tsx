/** The windows that failed, why, and a button for each. Those that hold the watermark come first. */
import { errorText } from '../../core/error-text.js'
import { CaesError } from '../../core/errors.js'
import { windowLabel } from '../../core/window-label.js'
import type { PairOverview } from '../../sync/read-overview.js'
import { Action } from './forms.js'
import { jobPath, queuePath } from './links.js'
import { counted, Range, Time } from './words.js'

export interface FailuresProps {
  readonly pair: PairOverview
  readonly mayAct: boolean
}

export const Failures = ({ pair, mayAct }: FailuresProps) => {
  const count = pair.open?.failed.length ?? 0
  if (count === 0) return null
  const { name, unit, failures } = pair
  return (
    <section class="failures" aria-labelledby={`failed-${name}`}>
      <div class="part-head">
        <h3 id={`failed-${name}`}>{counted(count, 'window')} failed</h3>
        {mayAct ? (
          <Action id={`retry-failed-${name}`} action="retry-failed" of={{ name: 'pair', value: name }} kind="main">
            {count === 1 ? 'Retry it' : `Retry all ${count}`}
          </Action>
        ) : (
          <p class="quiet">An operator can retry {count === 1 ? 'it' : 'them'}.</p>
        )}
      </div>
      <div class="scroll" tabindex={0} role="group" aria-label={`Failed windows of ${name}`}>
        <table class="list">
          <caption class="for-readers">Failed windows of {name}, those that hold its watermark first</caption>
          <thead>
            <tr>
              <th scope="col">Window</th>
              <th scope="col">Why, and what to do</th>
              <th scope="col">Tries</th>
              <th scope="col">Failed at</th>
              {mayAct ? (
                <th scope="col">
                  <span class="for-readers">Action</span>
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {failures?.windows.map(({ id, window, error, attempts, ended }) => (
              <tr>
                <th scope="row">
                  <a id={`f-${id}`} href={jobPath('windows', id)}>
                    <Range window={window} unit={unit} />
                  </a>
                </th>
                <td class="reason">
                  <Reason text={error ?? 'no reason was recorded'} />
                </td>
                <td>
                  {attempts}
                  <span class="if-narrow"> {attempts === 1 ? 'try' : 'tries'}, failed at&#32;</span>
                </td>
                <td class="when">{ended === undefined ? '–' : <Time at={ended * 1_000} />}</td>
                {mayAct ? (
                  <td>
                    <Action
                      id={`retry-${id}`}
                      action="retry"
                      of={{ name: 'window', value: id }}
                      about={windowLabel(window, unit)}
                    >
                      Retry
                    </Action>
                  </td>
                ) : null}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {failures !== undefined && failures.more > 0 ? (
        <p class="more">
          <a id={`more-failed-${name}`} href={queuePath('windows', 'failed')}>
            {counted(failures.more, 'more failed window')}
          </a>
        </p>
      ) : null}
    </section>
  )
}

/** `CODE: what happened; what to do`, as errorText makes it, told apart. */
export const Reason = ({ text }: { readonly text: string }) => {
  const { code, what, hint } = /^(?<code>[A-Z_]+): (?<what>.*?)(?:; (?<hint>[^;]*))?$/su.exec(text)?.groups ?? {}
  if (code === undefined || what === undefined) return <>{text}</>
  return <Told code={code} what={what} hint={hint} />
}

/** The same of an error that is at hand, and so needs no taking apart. */
export const Fault = ({ error }: { readonly error: unknown }) => {
  if (!(error instanceof CaesError)) return <Reason text={errorText(error)} />
  const { code, hint } = error
  const bare = errorText(error).slice(`${code}: `.length)
  return <Told code={code} what={hint === undefined ? bare : bare.slice(0, -`; ${hint}`.length)} hint={hint} />
}

interface ToldProps {
  readonly code: string
  readonly what: string
  readonly hint: string | undefined
}

const Told = ({ code, what, hint }: ToldProps) => {
  return (
    <>
      <span class="what">{what}</span> <code>{code}</code>
      {hint === undefined ? null : <span class="hint">{hint}</span>}
    </>
  )
}
