import type { Session } from './client.js'
import { idBytes } from './ids.js'

/**
 * A key that ids with the same replicas share, so that a request about all of them needs no further hop. With one
 * node, or while the driver does not know the ring, every id has the same.
 */
export const routeOf = (session: Pick<Session, 'hosts' | 'getReplicas'>, keyspace: string, id: string): string => {
  if (session.hosts.length < 2) return ''
  // Declared as an array, but null while the keyspace is not known to the driver.
  const replicas = session.getReplicas(keyspace, idBytes(id)) as ReturnType<Session['getReplicas']> | null
  return (replicas ?? [])
    .map(({ address }) => address)
    .sort()
    .join()
}
