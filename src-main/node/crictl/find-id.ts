/** Ids may be shortened to what tells them apart. */
import { CriError } from '../../container-runtime/cri.ts'

/** The whole id; what nothing begins with comes back as it is, so that the runtime itself says that it is not there. */
export function findId(what: 'container' | 'sandbox', prefix: string, items: readonly { id: string }[]): string {
  const found = items.filter(({ id }) => id.startsWith(prefix))
  if (found.length > 1)
    throw new CriError(
      'Unknown',
      `an error occurred when try to find ${what} ${JSON.stringify(prefix)}: multiple IDs found with provided prefix: ${prefix}`,
    )
  return found[0]?.id ?? prefix
}
