/**
 * A line to a server: a proxy on 127.0.0.1 that passes everything on until a test tells it to do worse. It can also wait
 * for certain bytes and stop right there, so that a test does something at exactly that point of a conversation.
 */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** `requests` travel to the server, `answers` come back. */
export type Way = 'requests' | 'answers'

export interface Slowness {
  /** Of one way. */
  readonly latencyMs?: number
  /** Up to this much is added, at random. */
  readonly jitterMs?: number
  /** Each way of each connection. */
  readonly bytesPerSecond?: number
}

export interface Trap {
  /** What gives the request away, wherever packets are cut. */
  readonly bytes: string | Buffer
  /** Which such request, 1 for the next one. */
  readonly nth?: number
  /**
   * `request`: the server has not got it. `answer`: the server has, and the next bytes that it sends on this connection
   * are held; where requests share a connection these may belong to another one.
   */
  readonly hold: 'request' | 'answer'
}

/** What was caught waits, and all behind it on its way, until one of these is called. */
export interface Caught {
  release(): void
  /** Ends the connection instead. */
  drop(): void
}

export interface SetTrap {
  readonly caught: Promise<Caught>
  /** Takes the trap away; `caught` then never settles. */
  remove(): void
}

export interface TcpLine {
  readonly port: number
  /** Takes all slowness and silence away. What a silent connection has lost stays lost: it never speaks again. */
  mend(): Promise<void>
  slow(slowness: Slowness): void
  /** Ends all connections and refuses new ones. */
  cut(): Promise<void>
  /** Ends all connections in the rudest way, and accepts new ones. */
  reset(): void
  /** Loses everything on these ways and closes nothing; new connections are accepted and fare alike. */
  silence(...ways: readonly Way[]): void
  trap(trap: Trap): SetTrap
  close(): Promise<void>
}

interface State {
  slowness: Slowness
  silent: ReadonlySet<Way>
  readonly traps: Set<ArmedTrap>
}

interface ArmedTrap extends Trap {
  left: number
  readonly spring: (caught: Caught) => void
}

export const openLine = async (host: string, targetPort: number): Promise<TcpLine> => {
  const state: State = { slowness: {}, silent: new Set(), traps: new Set() }
  const pairs = new Set<{ readonly near: Socket; readonly far: Socket; readonly lost: Set<Way> }>()

  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: targetPort, host, noDelay: true })
    const pair = { near, far, lost: new Set(state.silent) }
    pairs.add(pair)
    join(pair, state)
    near.on('close', () => pairs.delete(pair))
  })
  const listen = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject)
        resolve((server.address() as AddressInfo).port)
      })
    })
  const endAll = (end: (socket: Socket) => void): void => {
    for (const { near, far } of pairs) for (const socket of [near, far]) end(socket)
  }
  const cut = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => {
      if (server.listening) server.close(() => resolve())
      else resolve()
    })
    endAll((socket) => socket.destroy())
    await closed
  }
  const port = await listen(0)
  return {
    port,
    mend: async () => {
      state.slowness = {}
      state.silent = new Set()
      if (!server.listening) await listen(port)
    },
    slow: (slowness) => {
      state.slowness = slowness
    },
    cut,
    reset: () => endAll((socket) => socket.resetAndDestroy()),
    silence: (...ways) => {
      state.silent = new Set(ways)
      for (const { lost } of pairs) for (const way of ways) lost.add(way)
    },
    trap: (trap) => {
      let armed: ArmedTrap | undefined
      const caught = new Promise<Caught>((resolve) => {
        armed = { ...trap, left: trap.nth ?? 1, spring: resolve }
        state.traps.add(armed)
      })
      return { caught, remove: () => void (armed !== undefined && state.traps.delete(armed)) }
    },
    close: cut,
  }
}

interface Pair {
  readonly near: Socket
  readonly far: Socket
  /** The ways on which something was lost: nothing that comes later would make sense. */
  readonly lost: ReadonlySet<Way>
}

const join = (pair: Pair, state: State): void => {
  const { near, far } = pair
  // Why a socket broke is of no interest to a line: its counterpart ends with it.
  for (const socket of [near, far]) socket.on('error', () => socket.destroy())
  const drop = (): void => void near.destroy()
  const match = matcher(state)
  let holdAnswer: ArmedTrap | undefined

  carry(near, far, state, async (chunk) => {
    if (pair.lost.has('requests')) return false
    const trap = match(chunk)
    if (trap?.hold === 'request') return held(trap, drop)
    holdAnswer ??= trap
    return true
  })
  const answered = carry(far, near, state, async () => {
    if (pair.lost.has('answers')) return false
    const trap = holdAnswer
    holdAnswer = undefined
    return trap === undefined ? true : held(trap, drop)
  })
  near.on('close', () => far.destroy())
  // The last answers may still be on their way.
  far.on('close', () => void answered().then(() => near.destroy()))
}

const held = (trap: ArmedTrap, drop: () => void): Promise<boolean> =>
  new Promise((resolve) => {
    trap.spring({
      release: () => resolve(true),
      drop: () => {
        drop()
        resolve(false)
      },
    })
  })

/** Finds trapped bytes in a stream of chunks, also where they lie across two. Returns the trap that springs. */
const matcher = (state: State): ((chunk: Buffer) => ArmedTrap | undefined) => {
  const nothing = Buffer.alloc(0)
  let tail = nothing
  return (chunk) => {
    if (state.traps.size === 0) {
      tail = nothing
      return undefined
    }
    const text = Buffer.concat([tail, chunk])
    const longest = Math.max(...[...state.traps].map(({ bytes }) => Buffer.byteLength(bytes)))
    const fresh = tail.length
    tail = Buffer.from(text.subarray(Math.max(0, text.length - longest + 1)))
    for (const trap of state.traps) {
      const size = Buffer.byteLength(trap.bytes)
      for (let at = text.indexOf(trap.bytes); at >= 0; at = text.indexOf(trap.bytes, at + 1)) {
        // What ended in an earlier chunk was counted there.
        if (at + size <= fresh) continue
        trap.left -= 1
        if (trap.left > 0) continue
        state.traps.delete(trap)
        return trap
      }
    }
    return undefined
  }
}

/** More than this under way, and the sender has to wait. */
const mostWaiting = 256 * 1_024

/**
 * @param admit asked for each chunk in order, when its time has come; false loses it
 * @returns resolves when all that came so far is delivered or lost
 */
const carry = (
  from: Socket,
  to: Socket,
  state: State,
  admit: (chunk: Buffer) => Promise<boolean>,
): (() => Promise<void>) => {
  let last: Promise<void> = Promise.resolve()
  let waiting = 0
  let free = 0
  const deliver = async (chunk: Buffer, due: number): Promise<void> => {
    const rest = due - performance.now()
    if (rest > 0) await sleep(rest)
    if ((await admit(chunk)) && to.writable) to.write(chunk)
    waiting -= chunk.length
    if (waiting <= mostWaiting) from.resume()
  }
  from.on('data', (chunk: Buffer) => {
    const { latencyMs = 0, jitterMs = 0, bytesPerSecond } = state.slowness
    const now = performance.now()
    free = Math.max(free, now) + (bytesPerSecond === undefined ? 0 : (chunk.length / bytesPerSecond) * 1_000)
    const due = free + latencyMs + Math.random() * jitterMs
    waiting += chunk.length
    if (waiting > mostWaiting) from.pause()
    last = last.then(() => deliver(chunk, due))
  })
  return () => last
}
