/** Something that is opened when it is first needed, and again after a failure. */
export const retriable = <T>(open: () => Promise<T>): (() => Promise<T>) => {
  let opened: Promise<T> | undefined
  return () => {
    if (opened !== undefined) return opened
    const fresh = open()
    opened = fresh
    fresh.catch(() => {
      if (opened === fresh) opened = undefined
    })
    return fresh
  }
}
