/** Times as a person at this terminal counts them. */
import { isClock, micros, type Unit, type Version } from '../core/version.js'
import type { Window } from '../core/window.js'

const two = (number: number): string => String(number).padStart(2, '0')

const dateOf = (time: Date): string => `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`

const timeOf = (time: Date): string => {
  const milliseconds = time.getMilliseconds()
  const fraction = milliseconds === 0 ? '' : `.${String(milliseconds).padStart(3, '0')}`
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}${fraction}`
}

/** `10:31:07`, with the date before it where that is not today's. */
export const localTime = (milliseconds: number, today: Date): string => {
  const time = new Date(milliseconds)
  return dateOf(time) === dateOf(today) ? timeOf(time) : `${dateOf(time)} ${timeOf(time)}`
}

/** The same for a version; a logical one is no time and stays a number. */
export const localVersion = (version: Version, unit: Unit, today: Date): string =>
  isClock(version, unit) ? localTime(micros(version, unit) / 1_000, today) : String(version)

/** `10:31:00–10:32:00`; the end without its date where that is the same as the start's. */
export const localRange = ({ from, to }: Window, unit: Unit, today: Date): string => {
  const start = localVersion(from, unit, today)
  if (!isClock(from, unit)) return `${start}–${to}`
  return `${start}–${localVersion(to, unit, new Date(micros(from, unit) / 1_000))}`
}
