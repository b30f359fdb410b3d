/** A proxy that serves a dashboard below a path of its own, and takes that path away before it asks. */
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface PathProxy {
  /** `http://127.0.0.1:1234/caes/` */
  readonly url: string
  close(): Promise<void>
}

/** @param target `http://127.0.0.1:9464` @param path `/caes` */
export const openPathProxy = async (target: string, path: string): Promise<PathProxy> => {
  const server: Server = createServer((asked, answer) => {
    const url = asked.url ?? ''
    if (!url.startsWith(`${path}/`)) {
      answer.writeHead(404).end('not below the path\n')
      return
    }
    const headers = { ...asked.headers, 'x-forwarded-prefix': path, 'x-forwarded-for': '127.0.0.1' }
    const onward = request(`${target}${url.slice(path.length)}`, { method: asked.method ?? 'GET', headers })
    onward.on('response', (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers)
      got.pipe(answer)
    })
    onward.on('error', () => answer.destroy())
    asked.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
