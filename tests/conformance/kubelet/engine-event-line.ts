/** One event of the engine as a line of a trace. */
import { CONTAINER_NAME_LABEL } from '../../../src-main/common/api/kubelet-labels.ts'
import { ROLE_LABEL } from '../../../src-main/common/engine-labels.ts'
import type { EngineEvent } from '../../../src-main/lab/engine/engine.ts'

const EXEC_PREFIX = 'exec_start: '
const SIGNALS: Record<string, string> = { 9: 'SIGKILL', 15: 'SIGTERM' }

/** `undefined` for what recordings are not compared in. @param hooks commands whose run is a line of its own */
export function describeEngineEvent(event: EngineEvent, hooks: ReadonlySet<string>): string | undefined {
  const { attributes, action } = event
  const attempt = attributes['io.node-lab.attempt'] ?? ''
  if (attributes[ROLE_LABEL] === 'sandbox') {
    if (action === 'start') return `sandbox ${attempt} started`
    return action === 'die' ? `sandbox ${attempt} stopped` : undefined
  }
  if (attributes[ROLE_LABEL] !== 'container') return undefined
  const container = `${attributes[CONTAINER_NAME_LABEL]} ${attempt}`
  if (action === 'start') return `${container} started`
  if (action === 'die') return `${container} exited ${attributes['exitCode']}`
  if (action === 'kill')
    return `${container} ${SIGNALS[attributes['signal'] ?? ''] ?? `signal ${attributes['signal']}`}`
  const command = action.startsWith(EXEC_PREFIX) ? action.slice(EXEC_PREFIX.length) : ''
  return hooks.has(command) ? `${container} exec ${command}` : undefined
}
