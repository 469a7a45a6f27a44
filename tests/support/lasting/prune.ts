/** What `docker system prune --all --volumes` does: everything that nothing uses now, but for volumes with a name. */
import { engineApi } from '../engine-api.ts'

export async function pruneEverything(): Promise<void> {
  await engineApi('POST', '/containers/prune')
  await engineApi('POST', '/networks/prune')
  await engineApi('POST', '/volumes/prune')
  await engineApi('POST', `/images/prune?filters=${filters({ dangling: ['false'] })}`)
}

function filters(of: Record<string, string[]>): string {
  return encodeURIComponent(JSON.stringify(of))
}
