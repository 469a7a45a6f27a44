/** The sources of static pods that a kubelet is configured with: a folder or file, an address, both, or none. */
import type { Disposable } from '../../base/disposable.ts'
import { DisposableStore } from '../../base/disposable.ts'
import type { FileVerdict } from '../../common/lab/file-verdict.ts'
import type { KubeletDependencies } from '../kubelet-dependencies.ts'
import type { WatchedPath } from '../private-channel/channel-source.ts'
import { FileSource } from './file-source.ts'
import { HTTPSource } from './http-source.ts'
import type { PodConfig, PodSourceName } from './pod-config.ts'

export class StaticPodSources implements Disposable {
  readonly #config: PodConfig
  readonly #file: FileSource | undefined
  readonly #http: HTTPSource | undefined
  readonly #owned = new DisposableStore()

  constructor(deps: KubeletDependencies, config: PodConfig, onVerdicts: () => void) {
    this.#config = config
    const { clock, logger, timeline, node, settings, watchFolder, fetchManifest } = deps
    const common = {
      nodeName: node.nodeName,
      allowances: settings.allowances,
      clock,
      logger,
      timeline,
      onVerdicts,
    }
    if (settings.staticPodPath !== null)
      this.#file = new FileSource({
        ...common,
        path: settings.staticPodPath,
        checkFrequencyMs: settings.fileCheckFrequencyMs,
        ...(watchFolder === undefined ? {} : { watch: watchFolder }),
        onPods: (pods) => config.setPods('file', pods),
      })
    if (settings.staticPodURL !== null)
      this.#http = new HTTPSource({
        ...common,
        url: settings.staticPodURL,
        header: settings.staticPodURLHeader,
        checkFrequencyMs: settings.httpCheckFrequencyMs,
        ...(fetchManifest === undefined ? {} : { fetch: fetchManifest }),
        onPods: (pods) => config.setPods('http', pods),
      })
  }

  /** A kubelet without any source has delivered all that there is. */
  start(): void {
    if (this.#file === undefined && this.#http === undefined) this.#config.setPods('file', [])
    for (const source of [this.#file, this.#http]) {
      if (source === undefined) continue
      this.#owned.add(source)
      source.start()
    }
  }

  /** Stops looking; pods are left as they are. */
  async dispose(): Promise<void> {
    await this.#owned.dispose()
  }

  /** On the entries of the folder, then on what the address answers. */
  verdicts(): FileVerdict[] {
    return [...(this.#file?.verdicts() ?? []), ...(this.#http?.verdicts() ?? [])]
  }

  fileOf(uid: string): string | undefined {
    return this.#file?.fileOf(uid) ?? this.#http?.fileOf(uid)
  }

  /** `null` when no path is set. */
  watchedPath(): WatchedPath | null {
    return this.#file?.watchedPath() ?? null
  }
}

/** Those that have to deliver before anything may be deleted (facts 1.5.9). */
export function computeSourceNames(settings: KubeletDependencies['settings']): PodSourceName[] {
  return settings.staticPodURL === null ? ['file'] : settings.staticPodPath === null ? ['http'] : ['file', 'http']
}
