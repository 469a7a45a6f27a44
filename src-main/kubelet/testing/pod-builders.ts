/** A healthy pod and what the runtime has of it, for table tests to spoil in one place. */
import type { Container, Pod } from '../../common/api/core.ts'
import type { PodSandboxStatus } from '../../container-runtime/cri.ts'
import { containerHash } from '../runtime/container-hash.ts'
import type { RuntimeContainer, RuntimePod } from '../runtime/runtime-pod.ts'

export function aPod(spec: Partial<Pod['spec']> = {}): Pod {
  return {
    metadata: { name: 'web-node01', namespace: 'default', uid: 'uid-1' },
    spec: { containers: [aContainer('one'), aContainer('two')], restartPolicy: 'Always', ...spec },
  }
}

export function aContainer(name: string, more: Partial<Container> = {}): Container {
  return { name, image: 'busybox:1.36', ...more }
}

export function aSandbox(attempt = 0, more: Partial<PodSandboxStatus> = {}): PodSandboxStatus {
  return {
    id: `sandbox-${attempt}`,
    metadata: { name: 'web-node01', namespace: 'default', uid: 'uid-1', attempt },
    state: 'SANDBOX_READY',
    createdAt: BigInt(1000 + attempt),
    ip: '10.0.0.5',
    additionalIps: [],
    networkMode: 'POD',
    labels: {},
    annotations: {},
    ...more,
  }
}

/** A running instance; `more` says what else it is. */
export function anInstance(container: Container, more: Partial<RuntimeContainer> = {}): RuntimeContainer {
  return {
    id: `id-${container.name}-${more.restartCount ?? 0}`,
    metadata: { name: container.name, attempt: more.restartCount ?? 0 },
    state: 'CONTAINER_RUNNING',
    createdAt: 2000n,
    startedAt: 2000n,
    finishedAt: 0n,
    exitCode: 0,
    image: { image: container.image ?? '' },
    imageRef: 'sha256:1',
    imageId: 'sha256:1',
    reason: '',
    message: '',
    labels: {},
    annotations: {},
    mounts: [],
    logPath: '',
    podSandboxId: 'sandbox-0',
    hash: containerHash(container),
    restartCount: 0,
    terminationMessage: '',
    ...more,
  }
}

export function exited(exitCode: number): Partial<RuntimeContainer> {
  return { state: 'CONTAINER_EXITED', exitCode, finishedAt: 3000n }
}

/** All containers of the pod run in a ready sandbox; init containers have completed. */
export function aHealthyRuntimePod(pod: Pod): RuntimePod {
  return {
    uid: 'uid-1',
    name: 'web-node01',
    namespace: 'default',
    sandboxes: [aSandbox()],
    containers: [
      ...pod.spec.containers.map((container) => anInstance(container)),
      ...(pod.spec.initContainers ?? []).map((container) =>
        anInstance(container, container.restartPolicy === 'Always' ? {} : exited(0)),
      ),
    ],
  }
}

/** Replaces the instance of one container; `undefined` takes it away. */
export function withInstance(
  runtimePod: RuntimePod,
  name: string,
  more: Partial<RuntimeContainer> | undefined,
): RuntimePod {
  return {
    ...runtimePod,
    containers: runtimePod.containers.flatMap((instance) => {
      if (instance.metadata.name !== name) return [instance]
      return more === undefined ? [] : [{ ...instance, ...more }]
    }),
  }
}
