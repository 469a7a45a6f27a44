/** The Docker runtime service on the real engine, over gRPC. */
import { join } from 'node:path'
import { EngineNode } from '../../src-main/container-runtime/testing/engine-node.ts'
import type { CriSubject } from './cri-subject.ts'
import { EventRecorder } from './event-recorder.ts'
import { REAL_TIME } from './real-time.ts'

export async function startDockerSubject(): Promise<CriSubject> {
  const node = await EngineNode.start()
  const recorder = new EventRecorder(node.cri.runtime)
  return {
    ...{ name: 'docker', runtime: node.cri.runtime, images: node.cri.images },
    ...{ image: 'busybox:1.36', spareImage: 'busybox:1.36', events: recorder.events },
    endEvents: () => recorder.end(),
    files: { folder: '/data', onMachine: (nodePath) => join(node.nodeRoot, nodePath) },
    ...REAL_TIME,
    prepare: () => undefined,
    complete: (config) => config,
    async dispose() {
      await recorder.end()
      await node.dispose()
    },
  }
}
