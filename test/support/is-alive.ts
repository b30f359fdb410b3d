import { beganAt } from '../../src/runtime/process-identity.js'

/** Whether a process with this id lives; one that ended and was not collected yet does not. */
export const isAlive = (pid: number): boolean => beganAt(pid) !== undefined
