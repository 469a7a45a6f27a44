/** Global setup of the suites on the real engine: the images of this checkout are there, and the tests know which they are. */
import { systemClock } from '../../src-main/base/clock.ts'
import { PRODUCT_IMAGES_VARIABLE } from '../../src-main/container-runtime/testing/engine-images.ts'
import { connectEngine } from '../../src-main/lab/engine/connect-engine.ts'
import { ensureImages } from '../../src-main/lab/images/ensure-images.ts'

/** @throws LabError where there is no engine */
export default async function globalSetup(): Promise<void> {
  const engine = await connectEngine({ clock: systemClock() })
  try {
    const onProgress = ({ message }: { message: string }): void => console.log(`  ${message}`)
    const { pause, catalogue } = await ensureImages(engine, { onProgress })
    const busybox = catalogue.images.find(({ title }) => title.startsWith('busybox'))?.reference
    if (busybox === undefined) throw new Error('the catalogue has no busybox')
    process.env[PRODUCT_IMAGES_VARIABLE] = JSON.stringify({ pause, busybox })
  } finally {
    await engine.dispose()
  }
}
