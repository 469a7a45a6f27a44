/**
 * What `crictl inspect` and its like show below `info`, in the words of containerd's answers to verbose requests. Process
 * ids are left out: the engine's are those of the computer, and mean nothing on a node.
 */
import type { VerboseInfo } from '../cri.ts'
import { toCriError, type EngineClient } from './engine-client.ts'
import type { EngineContainer, EngineImage } from './engine-types.ts'
import type { OwnContainer } from './node-engine.ts'

export interface EngineInfo {
  CgroupDriver?: string
  CgroupVersion?: string
  Driver?: string
  DefaultRuntime?: string
}

/** @throws CriError */
export function readEngineInfo(engine: EngineClient): Promise<EngineInfo> {
  return engine.json<EngineInfo>('/info').catch((error: unknown) => Promise.reject(toCriError(error)))
}

export function describeEngine(info: EngineInfo, sandboxImage: string): VerboseInfo {
  const {
    CgroupDriver: cgroupDriver,
    CgroupVersion: cgroupVersion,
    Driver: snapshotter,
    DefaultRuntime: runtime,
  } = info
  return {
    config: JSON.stringify({
      ...{ cgroupDriver, cgroupVersion, sandboxImage, snapshotter },
      defaultRuntimeName: runtime,
    }),
  }
}

export function describeContainer({ container, identity }: OwnContainer): VerboseInfo {
  const { containerName: name, attempt, image } = identity
  return {
    info: JSON.stringify({
      sandboxID: identity.sandboxId,
      runtimeType: runtimeTypeOf(container),
      config: { metadata: { name, attempt }, image: { image }, log_path: identity.logPath },
      runtimeSpec: { process: describeProcess(container) },
    }),
  }
}

export function describeSandbox({ container, identity }: OwnContainer, image: string): VerboseInfo {
  const { podName: name, podUid: uid, podNamespace: namespace, attempt } = identity
  return {
    info: JSON.stringify({
      image,
      runtimeType: runtimeTypeOf(container),
      config: { metadata: { name, uid, namespace, attempt } },
      runtimeSpec: { process: describeProcess(container) },
    }),
  }
}

export function describeImage(image: EngineImage): VerboseInfo {
  const { Created: created, Architecture: architecture, Os: os, Config: config } = image
  return { info: JSON.stringify({ imageSpec: { created, architecture, os, config } }) }
}

function describeProcess({ Path, Args, Config }: EngineContainer): object {
  return { terminal: Config.Tty, args: [Path, ...Args], env: Config.Env ?? [], cwd: Config.WorkingDir || '/' }
}

/** Engines name a runtime; it is containerd's shim of runc that stands for the usual one. */
function runtimeTypeOf({ HostConfig }: EngineContainer): string {
  const runtime = HostConfig.Runtime ?? 'runc'
  return runtime === 'runc' ? 'io.containerd.runc.v2' : runtime
}
