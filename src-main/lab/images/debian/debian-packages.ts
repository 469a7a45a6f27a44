/** Debian packages with all that they depend on, downloaded once into a folder of our own. */
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { labStep, type LabStep } from '../../../common/lab/lab-texts.ts'
import { isLabError, LabError } from '../../../common/lab-error.ts'
import {
  computeAptConfiguration,
  computeSourceLines,
  INDEX_TARGETS_ARGUMENTS,
  parseIndexTargets,
  parseOsRelease,
  parsePrintUris,
} from './apt-configuration.ts'
import { runProgram } from './run-program.ts'

/** A package on this machine's disk. */
export interface DebianPackage {
  name: string
  version: string
  path: string
}

const REMEDY =
  'Node Lab makes its images from Debian packages: use Debian 12 or newer, with an apt that reaches a Debian mirror.'

export class DebianPackages {
  readonly #folder: string
  readonly #suite: string
  #updated: Promise<void> | undefined

  /** @param folder kept between runs: lists and downloaded packages */
  constructor(folder: string, suite: string) {
    this.#folder = join(folder, `debian-${suite}`)
    this.#suite = suite
  }

  /**
   * Downloads `names` and their dependencies (no recommendations; nothing is thought to be installed already).
   * Signatures are checked by apt against Debian's keyring.
   * @throws Unavailable
   */
  async fetch(names: string[], onProgress: (step: LabStep) => void): Promise<DebianPackage[]> {
    this.#updated ??= this.#update(onProgress)
    await this.#updated
    const listed = await this.#apt(['install', '-y', '-qq', '--print-uris', '--download-only', ...names])
    const missing = parsePrintUris(listed)
    const megabytes = Math.ceil(sumOfSizes(listed) / 1_000_000)
    if (missing.length > 0) {
      onProgress(labStep('packages-download', { count: missing.length, megabytes }))
      await this.#apt(['install', '-y', '-qq', '--download-only', ...names]).catch((error: unknown) => {
        throw withRemedy(error)
      })
    }
    // `--print-uris` names only what is not there yet, so the whole is listed with an empty archives folder.
    const empty = join(this.#folder, 'none')
    await mkdir(join(empty, 'partial'), { recursive: true })
    const all = await this.#apt([
      'install',
      '-y',
      '-qq',
      '--print-uris',
      '--download-only',
      '-o',
      `Dir::Cache::archives=${empty}`,
      ...names,
    ])
    return parsePrintUris(all).map(({ name, version, file }) => ({
      name,
      version,
      path: join(this.#folder, 'cache/archives', file),
    }))
  }

  async #update(onProgress: (step: LabStep) => void): Promise<void> {
    const lines = await this.#sourceLines()
    for (const part of ['state/lists/partial', 'cache/archives/partial'])
      await mkdir(join(this.#folder, part), { recursive: true })
    await writeFile(join(this.#folder, 'status'), '')
    await writeFile(join(this.#folder, 'sources.list'), `${lines.join('\n')}\n`)
    await writeFile(join(this.#folder, 'apt.conf'), computeAptConfiguration(this.#folder))
    onProgress(labStep('packages-list', { suite: this.#suite }))
    try {
      await this.#apt(['update', '-qq', '-o', 'APT::Update::Error-Mode=any'])
    } catch (error) {
      const lists = await readdir(join(this.#folder, 'state/lists'))
      if (!lists.some((name) => name.includes('_Packages'))) throw withRemedy(error)
      onProgress(labStep('packages-list-kept'))
    }
  }

  async #sourceLines(): Promise<string[]> {
    const release = await readFile('/etc/os-release', 'utf8').catch(() => '')
    const codename = parseOsRelease(release, 'VERSION_CODENAME')
    if (parseOsRelease(release, 'ID') !== 'debian' || codename === undefined)
      throw new LabError({ kind: 'Unavailable', message: 'this machine does not run Debian', remedy: REMEDY })
    await access('/usr/share/keyrings/debian-archive-keyring.gpg').catch((error: unknown) => {
      throw new LabError(
        {
          kind: 'Unavailable',
          message: "Debian's keyring is missing",
          remedy: 'Run `apt-get install debian-archive-keyring`.',
        },
        { cause: error },
      )
    })
    const sources = parseIndexTargets(await runProgram('apt-get', INDEX_TARGETS_ARGUMENTS))
    const lines = computeSourceLines(sources, codename, this.#suite)
    if (lines.length === 0)
      throw new LabError({ kind: 'Unavailable', message: `apt has no mirror of Debian ${codename}`, remedy: REMEDY })
    return lines
  }

  #apt(commandArguments: string[]): Promise<string> {
    return runProgram('apt-get', commandArguments, {
      environment: { APT_CONFIG: join(this.#folder, 'apt.conf'), DEBIAN_FRONTEND: 'noninteractive' },
    })
  }
}

function withRemedy(error: unknown): unknown {
  if (!isLabError(error)) return error
  return new LabError({ kind: error.kind, message: error.message, remedy: REMEDY }, { cause: error })
}

function sumOfSizes(printedUris: string): number {
  let sum = 0
  for (const line of printedUris.split('\n')) sum += Number(/^'[^']*' \S+ (\d+)/.exec(line)?.[1] ?? 0)
  return sum
}
