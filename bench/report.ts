/** Results as a table of Markdown, to be read on a terminal and pasted into a page. */
import { median, type Result } from './rounds.js'

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
const ratio = (value: number): string => value.toFixed(2)

export const reportText = (results: readonly Result[]): string =>
  results
    .map(({ title, measured }) => {
      const rows = measured.map(({ name, rates, ratios }) => {
        const spread = `${ratio(Math.min(...ratios))}–${ratio(Math.max(...ratios))}`
        return `| ${name} | ${whole(median(rates))} | ${ratio(median(ratios))} | ${spread} |`
      })
      return [
        `### ${title}`,
        '',
        '| | records/s, median | its time ÷ ours, median | smallest–largest |',
        '|---|---:|---:|---:|',
        ...rows,
        '',
      ].join('\n')
    })
    .join('\n')
