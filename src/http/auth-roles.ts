/** Who may ask for what: one table. What is not in it is for admins, so that a route nobody thought of is closed. */

export type Role = 'viewer' | 'operator' | 'admin'

/** `open` is for everybody, logged in or not. */
export type Need = 'open' | Role

const rank: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 }

export const mayAs = (role: Role, need: Need): boolean => need === 'open' || rank[role] >= rank[need]

/** A segment `:x` stands for any one, a final `*` for any rest. */
const table: readonly (readonly [method: 'GET' | 'POST' | 'PUT', path: string, need: Need])[] = [
  // Probes come without a login and learn only whether all is well.
  ['GET', '/healthz', 'open'],
  ['GET', '/readyz', 'open'],
  ['GET', '/login', 'open'],
  ['POST', '/login', 'open'],
  // Files of the program, the same everywhere.
  ['GET', '/assets/*', 'open'],
  ['POST', '/logout', 'viewer'],

  ['GET', '/metrics', 'viewer'],
  ['GET', '/', 'viewer'],
  ['GET', '/fragment', 'viewer'],
  ['POST', '/actions/retry', 'operator'],
  ['POST', '/actions/retry-failed', 'operator'],
  ['POST', '/actions/pause', 'operator'],
  ['POST', '/actions/resume', 'operator'],

  // Bull Board: looking.
  ['GET', '/board', 'viewer'],
  ['GET', '/board/metrics-history', 'viewer'],
  ['GET', '/board/job-schedulers', 'viewer'],
  ['GET', '/board/queue/:queue', 'viewer'],
  ['GET', '/board/queue/:queue/:job', 'viewer'],
  ['GET', '/board/static/*', 'viewer'],
  ['GET', '/board/api/redis/stats', 'viewer'],
  ['GET', '/board/api/queues', 'viewer'],
  ['GET', '/board/api/job-schedulers', 'viewer'],
  ['GET', '/board/api/queues/:queue/metrics', 'viewer'],
  ['GET', '/board/api/queues/:queue/default-job-options', 'viewer'],
  ['GET', '/board/api/queues/:queue/workers', 'viewer'],
  ['GET', '/board/api/queues/:queue/rate-limit', 'viewer'],
  ['GET', '/board/api/queues/:queue/job-data-schema', 'viewer'],
  ['GET', '/board/api/queues/:queue/:job', 'viewer'],
  ['GET', '/board/api/queues/:queue/:job/logs', 'viewer'],
  ['GET', '/board/api/queues/:queue/:job/flow', 'viewer'],
  // Bull Board: retrying, pausing and resuming. Whatever removes, makes or changes jobs is for admins; this one is named
  // because a job called "clean" would look like it.
  ['PUT', '/board/api/queues/:queue/clean/:status', 'admin'],
  ['PUT', '/board/api/queues/pause', 'operator'],
  ['PUT', '/board/api/queues/resume', 'operator'],
  ['PUT', '/board/api/queues/:queue/pause', 'operator'],
  ['PUT', '/board/api/queues/:queue/resume', 'operator'],
  ['PUT', '/board/api/queues/:queue/retry/:status', 'operator'],
  ['PUT', '/board/api/queues/:queue/:job/retry', 'operator'],
]

const rows = table.map(([method, path, need]) => ({ method, need, pattern: patternOf(path) }))

/** @param path as the router sees it, so that no spelling leads it elsewhere than us */
export const needOf = (method: string, path: string): Need => {
  const asked = method === 'HEAD' ? 'GET' : method
  const plain = path.length > 1 ? path.replace(/\/$/, '') : path
  return rows.find((row) => row.method === asked && row.pattern.test(plain))?.need ?? 'admin'
}

function patternOf(path: string): RegExp {
  const parts = path.split('/').map((part) => (part === '*' ? '.+' : part.startsWith(':') ? '[^/]+' : part))
  return new RegExp(`^${parts.join('/')}$`)
}
