/** What simulated containers answer to Exec and Attach. */
import { CriError } from '../cri.ts'
import type { RuntimeService } from '../cri.ts'

export const noStreams: RuntimeService['exec'] & RuntimeService['attach'] = () =>
  Promise.reject(new CriError('Unimplemented', 'simulated containers have no streams'))
