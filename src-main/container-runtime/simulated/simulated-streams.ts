/** What simulated pods answer to Exec, Attach and PortForward. */
import { CriError } from '../cri.ts'

export function refuseStreams(words: string): () => Promise<never> {
  return () => Promise.reject(new CriError('Unimplemented', words))
}
