/** What `npm audit --json` has found, told apart from a registry that does not answer. */

export type AuditVerdict =
  | { readonly kind: 'clean'; readonly known: number }
  | { readonly kind: 'vulnerable'; readonly packages: readonly string[] }
  | { readonly kind: 'no answer'; readonly why: string }

/** These fail a run; what is less is reported by the count alone. */
const grave: ReadonlySet<unknown> = new Set(['high', 'critical'])

/**
 * A report has a version and its findings by package; whatever else comes (an error of the network, of a mirror that
 * has no advisories, or nothing that can be read) is no finding.
 */
export const auditVerdict = (output: string): AuditVerdict => {
  const report = parsed(output)
  const { auditReportVersion: version, vulnerabilities: found, message } = report
  if (typeof version !== 'number' || typeof found !== 'object' || found === null) {
    return { kind: 'no answer', why: typeof message === 'string' ? message : 'it was no report' }
  }
  const all = Object.entries(found as Record<string, { readonly severity?: unknown }>)
  const packages = all.filter(([, { severity }]) => grave.has(severity)).map(([name]) => name)
  return packages.length > 0 ? { kind: 'vulnerable', packages } : { kind: 'clean', known: all.length }
}

const parsed = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    // Not JSON: no report.
    return {}
  }
}
