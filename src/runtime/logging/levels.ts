import { levels } from '../../core/log-plan.js'

const names = new Map<number, string>(Object.entries(levels).map(([name, level]) => [level, name]))

export const levelName = (level: number): string => names.get(level) ?? `Level ${level}`
