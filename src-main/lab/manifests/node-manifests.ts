/** The manifests of a node, wherever its kubelet reads them: in the mounted folder, or in one that it was pointed at on the node. */
import { isUtf8 } from 'node:buffer'
import { isLabError, LabError } from '../../common/lab-error.ts'
import type { AppliedManifest, NodeTarget } from '../../common/ipc/calls.ts'
import type { FileVerdict } from '../../common/lab/file-verdict.ts'
import { manifestNameFault, nodeNameFault } from '../../common/lab/names.ts'
import { SIMULATED_GROUP } from '../../common/lab/simulated-nodes.ts'
import { requireLab, requireNode, type LabContext } from '../lab-context.ts'
import { findRunningNode, listRunningNodes } from '../pods/running-nodes.ts'
import { kubeletAway, watchesMountedFolder } from '../status/read-lab-status.ts'
import { withTimeLimit } from '../status/time-limit.ts'
import type { ManifestAuthor, ManifestVersion } from '../../common/lab/manifest-version.ts'
import type { JudgedManifest, ManifestChangeOptions } from '../lab-manager.ts'
import { awaitVerdict } from './await-verdict.ts'
import { ManifestFolder } from './manifest-folder.ts'
import { channelPlace, type HistoryTarget, type ManifestPlace } from './manifest-place.ts'
import { sweepDrafts } from '../store/drafts.ts'
import { absenceOf, listUnreadFiles } from './unread-files.ts'

const ANSWER_MS = 15_000

export class NodeManifests {
  readonly #context: LabContext

  constructor(context: LabContext) {
    this.#context = context
  }

  /** `SIMULATED_GROUP`: what all simulated nodes read. */
  async path({ lab, node }: NodeTarget): Promise<string> {
    const { simulatedNodes = [] } = await requireLab(this.#context, lab)
    if (node !== SIMULATED_GROUP || simulatedNodes.length === 0) await requireNode(this.#context, { lab, node })
    return this.#context.store.layout.manifests(lab, node)
  }

  /** With the kubelet's verdicts; what lies in the mounted folder, unread, when the kubelet cannot be asked. */
  async files(target: NodeTarget): Promise<FileVerdict[]> {
    const context = this.#context
    const { spec } = await requireNode(context, target)
    const engine = await context.engines.connect()
    const running = await listRunningNodes(engine, spec)
    if (!running.includes(target.node)) return listUnreadFiles(context, target, 'stopped')
    try {
      const view = context.channels.get(engine, target.lab, target.node).view()
      return (await withTimeLimit(context.clock, ANSWER_MS, `the kubelet of ${target.node}`, view)).files
    } catch (error) {
      if (!isLabError(error) || error.kind === 'NoEngine') throw error
      context.logger.info(kubeletAway(target, error).message, { lab: target.lab })
      return listUnreadFiles(context, target, absenceOf(error))
    }
  }

  async read(target: NodeTarget, name: string): Promise<string> {
    refuseName(name)
    return textOf(await (await this.#place(target)).read(name), name)
  }

  async history(target: NodeTarget, name?: string): Promise<ManifestVersion[]> {
    return this.#context.history.list(await this.#requireHistory(target), name)
  }

  async version(target: NodeTarget, name: string, version: string): Promise<string> {
    return textOf(await this.#context.history.content(await this.#requireHistory(target), name, version), name)
  }

  /**
   * Of the folder that the node's kubelet reads. Versions outlive the node whose folder they were in: then of the mounted one.
   * @throws BadRequest, NotFound for a node that never had any
   */
  async #requireHistory(target: NodeTarget): Promise<HistoryTarget> {
    const fault = nodeNameFault(target.node)
    if (fault !== undefined) throw new LabError({ kind: 'BadRequest', message: fault })
    const { nodes } = await requireLab(this.#context, target.lab)
    if (nodes.some(({ name }) => name === target.node)) return (await this.#place(target)).history
    const versions = await this.#context.history.list(target)
    if (versions.length === 0) await requireNode(this.#context, target)
    return target
  }

  /** With the kubelet's verdict on it, unless it gives none. `onWritten`: whatever fails now, the file is there. */
  async applyAndAwaitVerdict(
    target: NodeTarget,
    name: string,
    content: string,
    options: ManifestChangeOptions,
    onWritten: () => void,
  ): Promise<JudgedManifest> {
    const ask = async (): Promise<FileVerdict | undefined> =>
      (await this.#filesWithoutEngine(target)).find((file) => file.name === name)
    refuseName(name)
    const before = await ask()
    const applied = await this.apply(target, name, content, options)
    onWritten()
    const verdict = await awaitVerdict(this.#context.clock, ask, before)
    return verdict === undefined ? applied : { ...applied, verdict }
  }

  /** A folder can be filled before there is an engine. */
  async #filesWithoutEngine(target: NodeTarget): Promise<FileVerdict[]> {
    try {
      return await this.files(target)
    } catch (error) {
      if (isLabError(error) && error.kind === 'NoEngine') return listUnreadFiles(this.#context, target, 'stopped')
      throw error
    }
  }

  async apply(
    target: NodeTarget,
    name: string,
    content: string,
    { replace = false, by = 'command line' }: ManifestChangeOptions,
  ): Promise<AppliedManifest> {
    refuseName(name)
    const place = await this.#place(target)
    const write = (): Promise<boolean> => place.write(name, content, replace)
    return { name, replaced: await this.#context.history.during({ ...place.history, name, by }, place, write) }
  }

  async remove(target: NodeTarget, name: string, by: ManifestAuthor = 'command line'): Promise<void> {
    refuseName(name)
    const place = await this.#place(target)
    await this.#context.history.during({ ...place.history, name, by }, place, () => place.remove(name))
  }

  /**
   * A kubelet that says it reads another folder is served through its channel. One that cannot be asked gets its files
   * in the mounted folder, where it finds them when it comes back with the settings that every node begins with.
   */
  async #place(target: NodeTarget): Promise<ManifestPlace> {
    const context = this.#context
    await requireNode(context, target)
    const mounted = mountedPlace(context, target)
    try {
      const engine = await context.engines.connect()
      const channel = await findRunningNode(context, engine, target)
      const info = await withTimeLimit(context.clock, ANSWER_MS, `the kubelet of ${target.node}`, channel.kubelet())
      return watchesMountedFolder(info) ? mounted : channelPlace(target, channel, info.staticPodPath)
    } catch (error) {
      if (!isLabError(error)) throw error
      context.logger.info('the kubelet cannot be asked which folder it reads; the mounted one is taken', {
        node: target.node,
        error,
      })
      return mounted
    }
  }
}

function mountedPlace(context: LabContext, { lab, node }: NodeTarget): ManifestPlace {
  const folder = new ManifestFolder(context.store.layout.manifests(lab, node))
  return {
    history: { lab, node },
    read: (name) => folder.read(name),
    async write(name, content, replace) {
      const wasThere = await folder.write(name, content, replace)
      await sweepDrafts(context, folder.folder)
      return wasThere
    },
    remove: (name) => folder.remove(name),
  }
}

function textOf(bytes: Buffer, name: string): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  throw new LabError({
    kind: 'Conflict',
    message: `${name} is not text`,
    remedy: 'Replace it with a manifest in YAML or JSON.',
  })
}

function refuseName(name: string): void {
  const fault = manifestNameFault(name)
  if (fault !== undefined) throw new LabError({ kind: 'BadRequest', message: fault })
}
