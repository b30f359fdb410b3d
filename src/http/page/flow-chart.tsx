/** What was copied each way over time: upwards to Elasticsearch, downwards to Cassandra. */
import type { Slot } from '../../core/pair-history.js'
import { Axis } from './axis.js'
import { counted, number } from './words.js'

const width = 600
const half = 50

export const FlowChart = ({ slots, begins }: { readonly slots: readonly Slot[]; readonly begins: string }) => {
  const most = slots.reduce((top, { written }) => Math.max(top, written.elasticsearch, written.cassandra), 1)
  const seconds = slots[0] === undefined ? 1 : (slots[0].to - slots[0].from) / 1_000_000
  const peak = number(most / seconds)
  const step = width / slots.length
  const bar = (count: number): number => Math.round((count / most) * half * 10) / 10
  const sum = (side: 'elasticsearch' | 'cassandra'): number =>
    slots.reduce((all, { written }) => all + written[side], 0)
  const [up, down] = [sum('elasticsearch'), sum('cassandra')]
  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">Copied</span>
        <span class="chart-note">
          <span class="key key-up">{number(up)} to Elasticsearch</span>{' '}
          <span class="key key-down">{number(down)} to Cassandra</span>
          {up + down > 0 ? <span class="quiet">, at most {peak} a second</span> : null}
        </span>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${2 * half}`}
        preserveAspectRatio="none"
        class="plot flow"
        role="img"
        aria-label={`${counted(up, 'record')} copied to Elasticsearch and ${counted(down, 'record')} to Cassandra in the time shown`}
      >
        {slots.map(({ written }, index) => {
          const left = Math.round(index * step * 10) / 10
          const wide = Math.round((step - 1.5) * 10) / 10
          return (
            <>
              {written.elasticsearch > 0 ? (
                <rect
                  class="flow-up"
                  x={left}
                  y={half - bar(written.elasticsearch)}
                  width={wide}
                  height={bar(written.elasticsearch)}
                />
              ) : null}
              {written.cassandra > 0 ? (
                <rect class="flow-down" x={left} y={half} width={wide} height={bar(written.cassandra)} />
              ) : null}
            </>
          )
        })}
        <line class="axis" x1="0" x2={width} y1={half} y2={half} />
      </svg>
      <Axis begins={begins} />
    </figure>
  )
}
