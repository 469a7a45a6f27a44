/** From the command line and the configuration files to `KubeletOptions`. */
import { KUBERNETES_VERSION } from '../../common/kubernetes-version.ts'
import { FIELDLESS_FLAGS, findFlag } from './flag-table.ts'
import { FlagError } from '../../base/flag-value.ts'
import { parseFlags, type ParsedFlags } from './parse-flags.ts'
import { KubeletExit, type KubeletOptions, type OptionsWarning } from './kubelet-options.ts'
import { resolveConfiguration, type ConfigurationSource, type ResolvedConfiguration } from './resolve-configuration.ts'
import { resolveOptions } from './resolve-options.ts'
import { computeIneffective } from './setting-support.ts'
import { validateConfiguration } from './validate-configuration.ts'

export interface OptionsSource extends ConfigurationSource {
  hostname(): string
}

/**
 * Reads flags, the `--config` file and the `--config-dir` fragments; a flag wins over both (facts 1.1.2, 1.1.3).
 * @param argv arguments without the program
 * @throws KubeletExit for `--version`, `--help`, unknown flags, bad values, an unreadable or wrong file
 */
export function loadKubeletOptions(argv: readonly string[], source: OptionsSource): KubeletOptions {
  const flags = readFlags(argv)
  const deprecated = flags.deprecated.map(({ name, message }) => ({
    channel: 'stderr' as const,
    message: `Flag --${name} has been deprecated, ${message}`,
    fields: {},
  }))
  const resolved = resolveConfiguration(flags, source)
  refuse(validateConfiguration(resolved), resolved.configPath)
  return {
    ...resolveOptions(resolved, flags, source.hostname()),
    arguments: [...argv],
    warnings: [...deprecated, ...resolved.warnings, ...withoutEffect(resolved, flags)],
  }
}

function readFlags(argv: readonly string[]): ParsedFlags {
  let flags: ParsedFlags
  try {
    flags = parseFlags(argv)
  } catch (error) {
    if (error instanceof FlagError) throw new KubeletExit(1, `failed to parse kubelet flag: ${error.message}`)
    throw error
  }
  if (flags.rest[0] !== undefined) throw new KubeletExit(1, `unknown command ${flags.rest[0]}`)
  if (flags.values.get('help') === true) throw new KubeletExit(0, USAGE)
  const version = flags.values.get('version')
  if (version === true || version === 'raw') throw new KubeletExit(0, `Kubernetes ${KUBERNETES_VERSION}`)
  return flags
}

const USAGE = `The kubelet of a Node Lab node. It takes the flags of Kubernetes' kubelet; those that matter here:

  --config FILE                        configuration file (kubelet.config.k8s.io/v1beta1)
  --config-dir FOLDER                  fragments *.conf, merged over it in the order of their names
  --pod-manifest-path PATH             folder or file of static pods (staticPodPath in the file)
  --file-check-frequency DURATION      how often the folder is listed (fileCheckFrequency)
  --manifest-url URL                   address of further static pods (staticPodURL)
  --manifest-url-header NAME:VALUE     header of the request for them (staticPodURLHeader)
  --http-check-frequency DURATION      how often the address is asked (httpCheckFrequency)
  --sync-frequency DURATION            longest time between two looks at a pod (syncFrequency)
  --container-runtime-endpoint URL     CRI socket (containerRuntimeEndpoint)
  --hostname-override NAME             name of the node
  --version                            print the version and end`

function withoutEffect({ given, ineffectiveGates }: ResolvedConfiguration, flags: ParsedFlags): OptionsWarning[] {
  const names = [...flags.values.keys()]
  const fields = names.flatMap((name) => findFlag(name)?.field?.split('.')[0] ?? [])
  const settings = computeIneffective(
    new Set([...given, ...fields]),
    names.filter((name) => FIELDLESS_FLAGS.includes(name)),
  )
  for (const gate of ineffectiveGates)
    settings[`featureGates.${gate}`] = 'this kubelet does the same with and without it'
  if (Object.keys(settings).length === 0) return []
  return [{ channel: 'log', message: 'Settings that this kubelet reads but does not act on', fields: { settings } }]
}

function refuse(problems: string[], configPath: string | undefined): void {
  if (problems.length === 0) return
  const list = problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`
  throw new KubeletExit(1, `failed to validate kubelet configuration, error: ${list}, path: ${configPath ?? '(flags)'}`)
}
