/** The engine that tests use, and the product's own images in it. */
import { IMAGE_PREFIX } from '../../common/engine-labels.ts'
import { EngineClient } from '../docker/engine-client.ts'

/** `DOCKER_HOST` when it is a unix socket, else the engine that Node Lab makes for itself. */
export function engineSocket(): string {
  const host = process.env['DOCKER_HOST'] ?? ''
  return host.startsWith('unix://') ? host.slice('unix://'.length) : '/run/node-lab/docker.sock'
}

/** The newest of the product's own images of this name. @throws Error when they have not been built */
export async function findProductImage(name: 'busybox' | 'pause'): Promise<string> {
  const reference = `${IMAGE_PREFIX}/${name}`
  const engine = new EngineClient(engineSocket())
  try {
    const images = await engine.json<{ Created: number; RepoTags: string[] | null }[]>('/images/json', {
      query: { filters: JSON.stringify({ reference: [reference] }) },
    })
    const newest = images.toSorted((left, right) => right.Created - left.Created)[0]
    const tag = newest?.RepoTags?.find((candidate) => candidate.startsWith(`${reference}:`))
    if (tag !== undefined) return tag
  } finally {
    engine.dispose()
  }
  throw new Error(`${reference} is not in the engine: build the images first (node-lab images build)`)
}
