/** When a pair that is behind will have caught up, from how fast its watermark moves. */
import { micros, type Micros, type Unit, type Version } from './version.js'

export interface WatermarkSample {
  readonly at: Micros
  readonly watermark: Version
}

/**
 * Time left until the watermark reaches `now`, which moves on meanwhile. Undefined while it is not gaining.
 * @param samples of one pair, oldest first
 */
export const timeToCatchUp = (samples: readonly WatermarkSample[], unit: Unit, now: Micros): Micros | undefined => {
  const [first, last] = [samples[0], samples.at(-1)]
  if (first === undefined || last === undefined || last.at <= first.at) return undefined
  const gained = micros(last.watermark - first.watermark, unit) / (last.at - first.at) - 1
  if (gained <= 0) return undefined
  return Math.max(0, now - micros(last.watermark, unit)) / gained
}
