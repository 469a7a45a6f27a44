/** Counts and times the calls of a CRI service under upstream's names of the operations (kuberuntime/instrumented_services.go). */
import type { Clock } from '../../base/clock.ts'
import type { ImageService, RuntimeService } from '../../container-runtime/cri.ts'

export interface InstrumentOptions {
  clock: Clock
  onOperation(operation: string, durationMs: number, failed: boolean): void
}

/** The stream of events lasts as long as the kubelet and is not counted. */
const RUNTIME_OPERATIONS: Record<Exclude<keyof RuntimeService, 'getContainerEvents'>, string> = {
  version: 'version',
  status: 'status',
  statusInfo: 'status',
  runtimeConfig: 'runtime_config',
  updateRuntimeConfig: 'update_runtime_config',
  runPodSandbox: 'run_podsandbox',
  stopPodSandbox: 'stop_podsandbox',
  removePodSandbox: 'remove_podsandbox',
  podSandboxStatus: 'podsandbox_status',
  podSandboxInfo: 'podsandbox_status',
  listPodSandbox: 'list_podsandbox',
  createContainer: 'create_container',
  startContainer: 'start_container',
  stopContainer: 'stop_container',
  removeContainer: 'remove_container',
  listContainers: 'list_containers',
  containerStatus: 'container_status',
  containerInfo: 'container_status',
  execSync: 'exec_sync',
  exec: 'exec',
  attach: 'attach',
  portForward: 'port_forward',
  updateContainerResources: 'update_container',
  containerStats: 'container_stats',
  listContainerStats: 'list_container_stats',
  podSandboxStats: 'podsandbox_stats',
  listPodSandboxStats: 'list_podsandbox_stats',
  reopenContainerLog: 'reopen_container_log',
}

const IMAGE_OPERATIONS: Record<keyof ImageService, string> = {
  listImages: 'list_images',
  imageStatus: 'image_status',
  imageInfo: 'image_status',
  pullImage: 'pull_image',
  removeImage: 'remove_image',
  imageFsInfo: 'image_fs_info',
}

export function instrumentRuntime(runtime: RuntimeService, options: InstrumentOptions): RuntimeService {
  return instrument(runtime, RUNTIME_OPERATIONS, options)
}

export function instrumentImages(images: ImageService, options: InstrumentOptions): ImageService {
  return instrument(images, IMAGE_OPERATIONS, options)
}

function instrument<Service extends object>(
  service: Service,
  operations: Readonly<Record<string, string>>,
  options: InstrumentOptions,
): Service {
  return new Proxy(service, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target)
      if (typeof member !== 'function') return member
      const operation = typeof property === 'string' ? operations[property] : undefined
      const call = (words: unknown[]): unknown => Reflect.apply(member, target, words)
      if (operation === undefined) return (...words: unknown[]) => call(words)
      return (...words: unknown[]) => timed(() => call(words), operation, options)
    },
  })
}

async function timed(
  call: () => unknown,
  operation: string,
  { clock, onOperation }: InstrumentOptions,
): Promise<unknown> {
  const startedMs = clock.now()
  let failed = true
  try {
    const answer = await call()
    failed = false
    return answer
  } finally {
    onOperation(operation, clock.now() - startedMs, failed)
  }
}
