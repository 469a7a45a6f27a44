/** Labs as wholes: one becomes a file, a file becomes one, one becomes two, and one gets another name. */
import { labStep } from '../../common/lab/lab-texts.ts'
import { LabError } from '../../common/lab-error.ts'
import { ARCHIVE_EXTENSION, type ArchiveDescription, type ImportedLab } from '../../common/lab/lab-archive.ts'
import type { LabStatus } from '../../common/lab/lab-status.ts'
import { labNameFault } from '../../common/lab/names.ts'
import { collectLab, type CollectedLab, type CollectOptions } from '../archive/collect-lab.ts'
import { computeNeededImages } from '../archive/needed-images.ts'
import { computeImportedSpec, labExists, placeLab } from '../archive/place-lab.ts'
import { readLabArchive } from '../archive/read-lab-archive.ts'
import { writeLabArchive, type LabArchive } from '../archive/write-lab-archive.ts'
import type { Engine } from '../engine/engine.ts'
import { requireLab, type LabContext } from '../lab-context.ts'
import type { ExportedLab, OnProgress } from '../lab-manager.ts'
import { observeLab, refuseOtherHomes } from '../reconcile/observe-lab.ts'
import { renameLab } from '../rename/rename-lab.ts'
import { settleRenames, withBothLocks } from '../rename/settle-renames.ts'
import { readLabStatus } from '../status/read-lab-status.ts'
import { addressChoices } from './bring-up.ts'
import { withLabLock } from './lab-lock.ts'
import { runLabTask, type LabTaskTools } from './run-lab-task.ts'

interface TransferOptions {
  onProgress?: OnProgress
}

export class LabTransfers {
  readonly #context: LabContext

  constructor(context: LabContext) {
    this.#context = context
  }

  /** Running or not; nothing of it is changed. */
  async export(lab: string, { onProgress }: TransferOptions = {}): Promise<ExportedLab> {
    await requireLab(this.#context, lab)
    return runLabTask(this.#context, { task: 'lab-export', lab, onProgress }, async (tools) => {
      const collected = await tools.locked(() => this.#collect(lab, tools))
      const archive = await writeLabArchive(collected.archive)
      return () =>
        Promise.resolve({
          name: this.#fileName(lab),
          archive,
          manifests: collected.manifests,
          settings: collected.settings,
          images: collected.archive.description.images,
          leftOut: collected.leftOut,
        })
    })
  }

  /** It is stopped then. `name`: another one than the archive's. */
  async import(file: Buffer, { name, onProgress }: TransferOptions & { name?: string } = {}): Promise<ImportedLab> {
    const archive = await readLabArchive(file)
    const lab = name ?? archive.description.name
    await this.#refuseTaken(lab)
    return runLabTask(this.#context, { task: 'lab-import', lab, onProgress }, async (tools) => {
      await tools.locked(() => this.#place(tools.engine, lab, archive))
      return () => this.#tell(tools.engine, lab, archive)
    })
  }

  /** The same manifests and settings on nodes of their own; it is stopped then. */
  async clone(lab: string, name: string, { onProgress }: TransferOptions = {}): Promise<ImportedLab> {
    await requireLab(this.#context, lab)
    await this.#refuseTaken(name)
    return runLabTask(this.#context, { task: 'lab-clone', lab: name, onProgress }, async (tools) => {
      const { engine, report: onWait, signal, locked } = tools
      await settleRenames(this.#context, engine, lab, { onProgress: onWait, signal })
      // One lock after the other: what the first lab is, is known by then.
      const { archive, leftOut } = await withLabLock(
        this.#context,
        lab,
        { onProgress: onWait, signal, task: 'lab-clone' },
        () => this.#collect(lab, tools, { keepSecrets: true }),
      )
      await locked(() => this.#place(engine, name, archive))
      return async () => ({ ...(await this.#tell(engine, name, archive)), leftOut })
    })
  }

  /** @throws LabError NotFound, AlreadyExists, Conflict while it runs */
  async rename(lab: string, name: string, { onProgress }: TransferOptions = {}): Promise<LabStatus> {
    await requireLab(this.#context, lab)
    await this.#refuseTaken(name)
    return runLabTask(this.#context, { task: 'lab-rename', lab, onProgress }, async ({ engine, report, signal }) => {
      await settleRenames(this.#context, engine, name, { onProgress: report, signal })
      await withBothLocks(this.#context, [lab, name], { onProgress: report, signal }, () =>
        renameLab(this.#context, engine, { from: lab, to: name }, report),
      )
      return async () => readLabStatus(this.#context, engine, await requireLab(this.#context, name))
    })
  }

  /** With the time in it: an export never takes the place of an earlier one. */
  #fileName(lab: string): string {
    const time = new Date(this.#context.clock.now()).toISOString().slice(0, 19).replaceAll(/[T:]/g, '-')
    return `${lab}-${time}${ARCHIVE_EXTENSION}`
  }

  async #collect(lab: string, { engine, report }: LabTaskTools, options?: CollectOptions): Promise<CollectedLab> {
    report(labStep('lab-read', { lab }))
    return collectLab(engine, this.#context.store.layout, await requireLab(this.#context, lab), options)
  }

  async #place(engine: Engine, lab: string, archive: LabArchive): Promise<void> {
    await this.#refuseTaken(lab)
    const { layout } = this.#context.store
    const found = await observeLab(engine, lab, layout.home)
    refuseOtherHomes(lab, found)
    const [leaving] = [...found.containers, ...found.volumes, ...found.networks]
    if (leaving !== undefined)
      throw new LabError({
        kind: 'Conflict',
        message: `the engine still has something of an earlier lab "${lab}": ${leaving.name}`,
        remedy: `Remove it first (node-lab delete --lab ${lab}), or give the new lab another name.`,
      })
    const spec = await computeImportedSpec(lab, archive.description, await addressChoices(this.#context, engine))
    await placeLab(layout, spec, archive)
  }

  async #tell(engine: Engine, lab: string, { description, files }: LabArchive): Promise<ImportedLab> {
    const status = await readLabStatus(this.#context, engine, await requireLab(this.#context, lab))
    const { findMissingImages } = await import('../images/find-missing-images.ts')
    return {
      status,
      manifests: countManifests(files),
      missingImages: await findMissingImages(engine, listImages(description, files)),
      leftOut: [],
    }
  }

  async #refuseTaken(lab: string): Promise<void> {
    const fault = labNameFault(lab)
    if (fault !== undefined) throw new LabError({ kind: 'BadRequest', message: fault })
    if ((await this.#context.store.list()).includes(lab)) throw labExists(lab)
  }
}

/** What the manifests ask for counts, whatever the description says. */
function listImages({ images }: ArchiveDescription, files: ReadonlyMap<string, Buffer>): string[] {
  return [...new Set([...computeNeededImages(files.values()), ...images])].toSorted()
}

function countManifests(files: ReadonlyMap<string, Buffer>): number {
  return [...files.keys()].filter((name) => name.split('/')[2] === 'manifests').length
}
