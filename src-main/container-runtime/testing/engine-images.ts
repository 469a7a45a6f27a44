/** The engine that tests use, and the product's own images in it. */
import { IMAGE_PREFIX } from '../../common/engine-labels.ts'
import { EngineClient } from '../docker/engine-client.ts'

/** `DOCKER_HOST` when it is a unix socket, else the engine that Node Lab makes for itself. */
export function engineSocket(): string {
  const host = process.env['DOCKER_HOST'] ?? ''
  return host.startsWith('unix://') ? host.slice('unix://'.length) : '/run/node-lab/docker.sock'
}

interface InspectedImage {
  RepoTags: string[] | null
  Metadata: { LastTagTime: string }
}

/** The one of the product's own images of this name that was built last. @throws Error when they have not been built */
export async function findProductImage(name: 'busybox' | 'pause'): Promise<string> {
  const reference = `${IMAGE_PREFIX}/${name}`
  const engine = new EngineClient(engineSocket())
  try {
    const listed = await engine.json<{ Id: string }[]>('/images/json', {
      query: { filters: JSON.stringify({ reference: [reference] }) },
    })
    // Not by their date of creation: that is the date of the packages in them.
    const images = await Promise.all(listed.map(({ Id }) => engine.json<InspectedImage>(`/images/${Id}/json`)))
    const taggedMs = ({ Metadata }: InspectedImage): number => Date.parse(Metadata.LastTagTime)
    const newest = images.toSorted((left, right) => taggedMs(right) - taggedMs(left))[0]
    const tag = newest?.RepoTags?.find((candidate) => candidate.startsWith(`${reference}:`))
    if (tag !== undefined) return tag
  } finally {
    engine.dispose()
  }
  throw new Error(`${reference} is not in the engine: build the images first (node-lab images build)`)
}
