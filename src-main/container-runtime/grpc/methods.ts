/** The methods of `runtime.v1` that are served, with their request and response messages. */
import type { MessageType } from '../../base/protobuf.ts'
import * as images from './schema-images.ts'
import * as stats from './schema-stats.ts'
import * as runtime from './schema.ts'

interface Method<Request extends MessageType, Response extends MessageType> {
  readonly path: string
  readonly request: Request
  readonly response: Response
}

function runtimeMethod<Q extends MessageType, A extends MessageType>(
  name: string,
  request: Q,
  response: A,
): Method<Q, A> {
  return { path: `/runtime.v1.RuntimeService/${name}`, request, response }
}
function imageMethod<Q extends MessageType, A extends MessageType>(
  name: string,
  request: Q,
  response: A,
): Method<Q, A> {
  return { path: `/runtime.v1.ImageService/${name}`, request, response }
}

export const UNARY_METHODS = {
  version: runtimeMethod('Version', runtime.VersionRequest, runtime.VersionResponse),
  status: runtimeMethod('Status', runtime.StatusRequest, runtime.StatusResponse),
  runPodSandbox: runtimeMethod('RunPodSandbox', runtime.RunPodSandboxRequest, runtime.RunPodSandboxResponse),
  stopPodSandbox: runtimeMethod('StopPodSandbox', runtime.StopPodSandboxRequest, runtime.Empty),
  removePodSandbox: runtimeMethod('RemovePodSandbox', runtime.RemovePodSandboxRequest, runtime.Empty),
  podSandboxStatus: runtimeMethod(
    'PodSandboxStatus',
    runtime.PodSandboxStatusRequest,
    runtime.PodSandboxStatusResponse,
  ),
  listPodSandbox: runtimeMethod('ListPodSandbox', runtime.ListPodSandboxRequest, runtime.ListPodSandboxResponse),
  createContainer: runtimeMethod('CreateContainer', runtime.CreateContainerRequest, runtime.CreateContainerResponse),
  startContainer: runtimeMethod('StartContainer', runtime.StartContainerRequest, runtime.Empty),
  stopContainer: runtimeMethod('StopContainer', runtime.StopContainerRequest, runtime.Empty),
  removeContainer: runtimeMethod('RemoveContainer', runtime.RemoveContainerRequest, runtime.Empty),
  listContainers: runtimeMethod('ListContainers', runtime.ListContainersRequest, runtime.ListContainersResponse),
  containerStatus: runtimeMethod('ContainerStatus', runtime.ContainerStatusRequest, runtime.ContainerStatusResponse),
  execSync: runtimeMethod('ExecSync', runtime.ExecSyncRequest, runtime.ExecSyncResponse),
  reopenContainerLog: runtimeMethod('ReopenContainerLog', runtime.ReopenContainerLogRequest, runtime.Empty),
  exec: runtimeMethod('Exec', runtime.ExecRequest, runtime.StreamResponse),
  attach: runtimeMethod('Attach', runtime.AttachRequest, runtime.StreamResponse),
  portForward: runtimeMethod('PortForward', runtime.PortForwardRequest, runtime.StreamResponse),
  updateContainerResources: runtimeMethod(
    'UpdateContainerResources',
    runtime.UpdateContainerResourcesRequest,
    runtime.Empty,
  ),
  containerStats: runtimeMethod('ContainerStats', stats.ContainerStatsRequest, stats.ContainerStatsResponse),
  listContainerStats: runtimeMethod(
    'ListContainerStats',
    stats.ListContainerStatsRequest,
    stats.ListContainerStatsResponse,
  ),
  podSandboxStats: runtimeMethod('PodSandboxStats', stats.PodSandboxStatsRequest, stats.PodSandboxStatsResponse),
  listPodSandboxStats: runtimeMethod(
    'ListPodSandboxStats',
    stats.ListPodSandboxStatsRequest,
    stats.ListPodSandboxStatsResponse,
  ),
  runtimeConfig: runtimeMethod('RuntimeConfig', runtime.Empty, runtime.RuntimeConfigResponse),
  updateRuntimeConfig: runtimeMethod('UpdateRuntimeConfig', runtime.UpdateRuntimeConfigRequest, runtime.Empty),
  listImages: imageMethod('ListImages', images.ListImagesRequest, images.ListImagesResponse),
  imageStatus: imageMethod('ImageStatus', images.ImageStatusRequest, images.ImageStatusResponse),
  pullImage: imageMethod('PullImage', images.PullImageRequest, images.PullImageResponse),
  removeImage: imageMethod('RemoveImage', images.RemoveImageRequest, runtime.Empty),
  imageFsInfo: imageMethod('ImageFsInfo', runtime.Empty, images.ImageFsInfoResponse),
} as const
export type UnaryMethodName = keyof typeof UNARY_METHODS

/** The one streaming method. */
export const GET_CONTAINER_EVENTS = runtimeMethod('GetContainerEvents', runtime.Empty, runtime.ContainerEventResponse)
