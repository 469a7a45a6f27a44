/** What engines say when a port that a container is to publish is in use on this machine. */

/** @param message of the engine's error */
export function isPortTaken(message: string): boolean {
  return /port is already allocated|address already in use|ports are not available/i.test(message)
}
