/** Where things are, relative to the page: a proxy may serve it below a path of its own. */

export const boardPath = 'board/'

export const queuePath = (queue: 'windows' | 'parts' | 'rejects', status: string): string =>
  `${boardPath}queue/${queue}?status=${status}`

export const jobPath = (queue: 'windows' | 'rejects', job: string): string =>
  `${boardPath}queue/${queue}/${encodeURIComponent(job)}`
