/** What to do when the engine already has a container of the name that is to be made. */
import type { EngineIdentity } from './engine-labels.ts'
import type { EngineContainerState } from './engine-types.ts'

export type NameConflictAction = 'adopt' | 'replace' | 'refuse'

/**
 * Names are deterministic, so a name that is taken means that the same thing was asked for before, perhaps by a service
 * or kubelet that was killed before it heard the answer. The same thing that is still good is adopted; what is dead or of
 * another boot is replaced; what runs and differs is the caller's mistake.
 */
export function computeNameConflict(
  existing: { identity: EngineIdentity | undefined; state: EngineContainerState },
  wanted: Pick<EngineIdentity, 'role' | 'boot' | 'specHash' | 'sandboxId'>,
): NameConflictAction {
  const { identity, state } = existing
  if (identity === undefined || identity.role !== wanted.role) return 'refuse'
  if (identity.boot !== wanted.boot) return 'replace'
  const neverRan = state.Status === 'created' && state.ExitCode === 0
  const isSame = identity.specHash === wanted.specHash && identity.sandboxId === wanted.sandboxId
  if (wanted.role === 'sandbox') {
    if (isSame && (neverRan || state.Running)) return 'adopt'
    return state.Running ? 'refuse' : 'replace'
  }
  if (isSame && neverRan) return 'adopt'
  return state.Running ? 'refuse' : 'replace'
}
