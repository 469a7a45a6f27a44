/** What simulated pods answer to Exec, Attach and PortForward. */
import { CriError } from '../cri.ts'

export function noStreams(): Promise<never> {
  return Promise.reject(new CriError('Unimplemented', 'simulated pods have no streams'))
}
