/** A shape for each state, so that no state is told by its colour alone. */
import { classOf, type ShownState } from './words.js'

const shapes: Record<ShownState, string> = {
  'in sync': 'M5 10.5l3.2 3.2L15 7',
  'catching up': 'M10 5v5l3.5 2',
  stalled: 'M10 5.5v5.5M10 14v.2',
  paused: 'M8 6.5v7M12 6.5v7',
  'never ran': 'M7 10h6',
  unknown: 'M7.8 7.8a2.3 2.3 0 1 1 3.2 2.1c-.7.3-1 .8-1 1.6M10 14v.2',
}

export const StateMark = ({ state }: { readonly state: ShownState }) => (
  <svg
    class={`mark is-${classOf(state)}`}
    viewBox="0 0 20 20"
    width="20"
    height="20"
    aria-hidden="true"
    focusable="false"
  >
    {state === 'stalled' ? (
      <path class="mark-shape" d="M10 1.5l9 16.5H1z" />
    ) : state === 'paused' || state === 'never ran' ? (
      <rect class="mark-shape" x="1.5" y="1.5" width="17" height="17" rx="3.5" />
    ) : (
      <circle class="mark-shape" cx="10" cy="10" r="9" />
    )}
    <path class="mark-sign" d={shapes[state]} />
  </svg>
)
