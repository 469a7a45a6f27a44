/** Time that does not depend on what else the machine does. */

/** CPU time of this process while `work` runs, milliseconds. */
export function cpuTimeMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
