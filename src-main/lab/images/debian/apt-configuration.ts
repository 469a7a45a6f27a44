/**
 * An apt of our own beside the machine's: another suite, its own lists and its own folder of packages, but the
 * machine's mirrors, proxies and credentials. It changes nothing of the system and needs no root.
 */

/** What `apt-get indextargets` says of one configured source. */
export interface AptSource {
  uri: string
  suite: string
  component: string
}

/** Format and filter of `apt-get indextargets`, for both kinds of source files. */
export const INDEX_TARGETS_ARGUMENTS = ['indextargets', '--format', '$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(CREATED_BY)']

const DEBIAN_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

export function parseIndexTargets(output: string): AptSource[] {
  const sources: AptSource[] = []
  for (const line of output.split('\n')) {
    const [uri, suite, component, createdBy] = line.trim().split('|')
    if (uri === undefined || suite === undefined || component === undefined || createdBy !== 'Packages') continue
    sources.push({ uri, suite, component })
  }
  return sources
}

/** Value of one variable of `/etc/os-release`. */
export function parseOsRelease(text: string, variable: string): string | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${variable}=`))
  return line?.slice(variable.length + 1).replace(/^"(.*)"$/, '$1')
}

/**
 * Source lines of `suite` on the mirrors from which this machine takes its own release, with its updates and security
 * parts where the machine has them.
 * @param codename the machine's own release, such as `bookworm`
 * @returns nothing when no mirror carries the machine's release
 */
export function computeSourceLines(sources: AptSource[], codename: string, suite: string): string[] {
  const own = new Set([codename, 'stable', 'oldstable', 'testing'])
  const lines: string[] = []
  for (const part of ['', '-updates', '-security']) {
    const source = sources.find(
      (candidate) =>
        candidate.component === 'main' &&
        own.has(candidate.suite.replace(/[-/](updates|security)$/, '')) &&
        candidate.suite.endsWith(part) &&
        (part !== '' || own.has(candidate.suite)),
    )
    if (source !== undefined) lines.push(`deb [signed-by=${DEBIAN_KEYRING}] ${source.uri} ${suite}${part} main`)
  }
  return lines[0]?.endsWith(`${suite} main`) === true ? lines : []
}

/** Configuration that replaces every folder of apt's which it would otherwise share with the system. */
export function computeAptConfiguration(folder: string): string {
  return [
    `Dir::Etc::sourcelist "${folder}/sources.list";`,
    'Dir::Etc::sourceparts "/dev/null";',
    'Dir::Etc::preferences "/dev/null";',
    'Dir::Etc::preferencesparts "/dev/null";',
    `Dir::State "${folder}/state";`,
    `Dir::State::status "${folder}/status";`,
    `Dir::Cache "${folder}/cache";`,
    'Acquire::Languages "none";',
    'Acquire::Retries "3";',
    'APT::Install-Recommends "false";',
    '',
  ].join('\n')
}

export interface DebianPackageFile {
  /** File name in the archives folder. */
  file: string
  name: string
  version: string
}

/** Reads `apt-get install --print-uris`: one line per package, `'uri' file size hash`. */
export function parsePrintUris(output: string): DebianPackageFile[] {
  const files: DebianPackageFile[] = []
  for (const line of output.split('\n')) {
    const file = /^'[^']*' (\S+\.deb) \d+/.exec(line)?.[1]
    if (file === undefined) continue
    const [name = '', version = ''] = file.split('_')
    files.push({ file, name, version: decodeURIComponent(version) })
  }
  return files.sort((left, right) => (left.file < right.file ? -1 : 1))
}
