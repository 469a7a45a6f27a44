/** An image for helpers. */
import { IMAGE_INPUTS_LABEL, IMAGE_PREFIX } from '../../common/engine-labels.ts'
import type { Engine } from './engine.ts'

/** Any image of ours with a shell; `undefined` while none was loaded. */
export async function findToolImage(engine: Engine): Promise<string | undefined> {
  const tags = (await engine.listImages({ [IMAGE_INPUTS_LABEL]: true })).flatMap((image) => image.tags)
  return tags.find((candidate) => /\/(busybox|node):/.test(candidate) && candidate.startsWith(`${IMAGE_PREFIX}/`))
}
