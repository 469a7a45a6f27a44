/** What a lab manager works with unless it is given something else: this machine's engine and images, loaded when first used. */
import { join } from 'node:path'
import type { EnsureImages } from './lab-context.ts'
import type { EngineProvider } from './nodes/engine-holder.ts'

/** The engine of this machine and environment. */
export function machineEngines(environment: Record<string, string | undefined> = process.env): EngineProvider {
  return {
    endpointHint: environment['DOCKER_HOST'] ?? '',
    async ensure({ onProgress }) {
      const { ensureEngine } = await import('./engine/ensure-engine.ts')
      return ensureEngine({ environment, onProgress })
    },
    async connect() {
      const { connectEngine } = await import('./engine/connect-engine.ts')
      return connectEngine({ environment })
    },
  }
}

/** The images, and the proof that the engine may have labs, which is a matter of containers of one of them. */
export async function ensureMachineImages(...[engine, options]: Parameters<EnsureImages>): ReturnType<EnsureImages> {
  const { ensureImages } = await import('./images/ensure-images.ts')
  const { cacheFolder } = await import('./images/cache-folder.ts')
  const { requireSubpaths } = await import('./engine/require-subpaths.ts')
  const images = await ensureImages(engine, options)
  await requireSubpaths(engine, { image: images.node, file: join(await cacheFolder(), 'engines.json') })
  return images
}
