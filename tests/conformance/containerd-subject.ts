/** Debian's containerd with its own CRI plugin, through our gRPC client. */
import { join } from 'node:path'
import { engineSocket, findProductImage } from '../../src-main/container-runtime/testing/engine-images.ts'
import { PrivateContainerd } from '../support/containerd/private-containerd.ts'
import { writeSpareImage } from '../support/containerd/spare-image.ts'
import type { CriSubject } from './cri-subject.ts'
import { EventRecorder } from './event-recorder.ts'
import { REAL_TIME } from './real-time.ts'

const SPARE_IMAGE = 'node-lab.invalid/spare:1'

export async function startContainerdSubject(): Promise<CriSubject> {
  const image = findProductImage('busybox')
  const images: [string, string] = [findProductImage('pause'), image]
  const containerd = await PrivateContainerd.start({ engineSocket: engineSocket(), images })
  await containerd.importImage(await writeSpareImage(SPARE_IMAGE, containerd.layout.folder))
  const { runtime, images: imageService } = containerd.cri
  const recorder = new EventRecorder(runtime)
  return {
    ...{ name: 'containerd', runtime, images: imageService, image, spareImage: SPARE_IMAGE, events: recorder.events },
    endEvents: () => recorder.end(),
    files: { folder: join(containerd.layout.node, 'data'), onMachine: (nodePath) => nodePath },
    ...REAL_TIME,
    prepare: () => undefined,
    complete: (config) => ({
      ...config,
      logDirectory: join(containerd.layout.node, config.logDirectory),
      linux: { ...config.linux, cgroupParent: `${containerd.controlGroup}/${config.metadata.uid}` },
    }),
    async dispose() {
      await recorder.end()
      await containerd.dispose()
    },
  }
}
