/** What an operator can do, as plain forms: they work without a script, and with a keyboard. */
import type { Child } from 'hono/jsx'

export interface ActionProps {
  /** Of the button, so that it keeps the focus when the page is brought up to date. */
  readonly id: string
  readonly action: 'retry' | 'retry-failed' | 'pause' | 'resume'
  /** What the action is about: a window's id, or a pair's name. */
  readonly of: { readonly name: 'window' | 'pair'; readonly value: string }
  /** Said to those who do not see what stands beside the button. */
  readonly about?: string
  readonly kind?: 'main' | 'quiet'
  readonly children: Child
}

export const Action = ({ id, action, of, about, kind = 'quiet', children }: ActionProps) => (
  <form method="post" action={`actions/${action}`} class="action">
    <input type="hidden" name={of.name} value={of.value} />
    <button type="submit" id={id} class={`button ${kind}`}>
      {children}
      {about === undefined ? null : <span class="for-readers"> {about}</span>}
    </button>
  </form>
)
