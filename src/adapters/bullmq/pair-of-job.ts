/** As far as it can be told: a job that was made by hand may say nothing. */
export const pairOfJob = (job: { readonly data?: { readonly pair?: unknown } | null }): string =>
  typeof job.data?.pair === 'string' ? job.data.pair : 'unknown'
