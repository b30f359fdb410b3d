/** How a window is called where people read it: boards, logs, tables. */
import { isClock, micros, type Unit, type Version } from './version.js'
import type { WindowPart } from './window-part.js'
import type { Window } from './window.js'

/** ISO-8601 in UTC for versions that are times, the plain number for logical ones and where the unit is not known. */
export const versionLabel = (version: Version, unit: Unit | undefined): string => {
  if (unit === undefined || !isClock(version, unit)) return String(version)
  const iso = new Date(micros(version, unit) / 1000).toISOString()
  return iso.endsWith('.000Z') ? `${iso.slice(0, -5)}Z` : iso
}

/** `2015-03-25T04:30:00Z … 04:31:00Z`: the end without its date where that is the same. */
export const windowLabel = ({ from, to }: Window, unit: Unit | undefined): string => {
  const start = versionLabel(from, unit)
  const end = versionLabel(to, unit)
  const sameDay = start.includes('T') && start.slice(0, 11) === end.slice(0, 11)
  return `${start} … ${sameDay ? end.slice(11) : end}`
}

/** `part 2015-03-25T04:30:10Z … 04:30:12Z, ids 2 of 5`: the share of the ids only where there are others. */
export const partLabel = (part: WindowPart, unit: Unit | undefined): string => {
  const { index, of } = part.ids
  return `part ${windowLabel(part, unit)}${of === 1 ? '' : `, ids ${index + 1} of ${of}`}`
}
