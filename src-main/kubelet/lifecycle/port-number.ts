/** A port as probes and hooks name it. */
import type { Container } from '../../common/api/core.ts'

/** A name resolves against the container's own ports; `undefined`: there is none of that name. */
export function portNumber(container: Container, port: number | string): number | undefined {
  if (typeof port === 'number') return port
  if (/^\d+$/.test(port)) return Number(port)
  return container.ports?.find((candidate) => candidate.name === port)?.containerPort
}
