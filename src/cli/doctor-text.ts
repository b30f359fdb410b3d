/** Findings for a terminal: what, why it matters, and what mends it. */
import type { Finding } from '../core/diagnose.js'
import { printable } from '../core/printable.js'
import { styles } from './style.js'

/** A part of the system that was looked at. */
export interface Examined {
  readonly part: string
  /** Of the servers, as they say. */
  readonly versions: readonly string[]
  readonly findings: readonly Finding[]
  /** It could not be asked, so that nothing is known of it. */
  readonly isDown?: boolean
}

export const describeFindings = (examined: readonly Examined[], color: boolean): string => {
  const { bold, green, red, yellow, dim } = styles(color)
  const lines = examined.flatMap(({ part, versions, findings }) => {
    const known = versions.length > 0 ? dim(` (${versions.join(', ')})`) : ''
    const title = `${bold(part)}${known}`
    if (findings.length === 0) return [`${green('✓')} ${title}`]
    return [
      `${findings.some(({ severity }) => severity === 'broken') ? red('✗') : yellow('!')} ${title}`,
      ...findings.flatMap(({ severity, what, why, mend }) => [
        `  ${severity === 'broken' ? red('broken') : yellow('warning')}: ${printable(what)}`,
        `    why: ${printable(why)}`,
        ...(mend === undefined ? [] : [`    mend: ${printable(mend)}`]),
      ]),
    ]
  })
  const all = examined.flatMap(({ findings }) => findings)
  const broken = all.filter(({ severity }) => severity === 'broken').length
  const warnings = all.length - broken
  return `${[...lines, '', `${broken} broken, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`].join('\n')}\n`
}
