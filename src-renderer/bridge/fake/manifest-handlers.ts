/** Calls of the in-memory bridge about manifests, and the pods that come of them. */
import { isApiServerFile } from './fake-cluster.ts'
import type { FakeLab } from './fake-lab.ts'
import { FAKE_SAMPLES } from './fake-manifests.ts'
import type { HandlersOf } from './handlers.ts'

export function manifestHandlers(fake: FakeLab): HandlersOf<'manifest' | 'sample' | 'image' | 'pod' | 'timeline'> {
  return {
    'manifest/read': async ({ node, name }) => ({ content: fake.need(node).read(name) }),
    'manifest/apply': async ({ node, name, content, replace = false }) => {
      const applied = fake.need(node).apply(name, content, replace)
      if (isApiServerFile(node, name)) fake.cluster?.become('ready')
      return applied
    },
    'manifest/remove': async ({ node, name }) => {
      if (isApiServerFile(node, name)) fake.cluster?.become('away')
      fake.need(node).remove(name)
      return null
    },
    'image/missing': async ({ images }) => images.filter((image) => image.includes('missing')),
    'manifest/history': async ({ node, name }) => fake.need(node).history.list(name),
    'manifest/version': async ({ node, name, version }) => ({
      content: fake.need(node).history.content(name, version),
    }),
    'sample/list': async () => FAKE_SAMPLES,
    'pod/crash': async ({ node, pod, container }) => ({ container: fake.need(node).crash(pod, container) }),
    'timeline/list': async () => [...fake.nodes.values()].flatMap((node) => node.entries),
  }
}
