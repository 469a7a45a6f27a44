/** Which machine a remedy is for, from what the engine says of itself. Pure. */
import type { EngineHost, RemedyPlace } from '../../common/doctor/remedy-commands.ts'
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import type { EngineInfo } from '../engine/engine.ts'

/** @param info absent while no engine answers */
export function computeRemedyPlace(known: {
  endpoint: string
  platform: string
  info?: EngineInfo
  toolImage?: string
  specs?: readonly LabSpec[]
}): RemedyPlace {
  const { endpoint, platform, info, toolImage = '', specs = [] } = known
  return {
    engineHost: computeEngineHost(endpoint, platform, info),
    platform,
    rootless: info?.rootless === true,
    toolImage,
    nodes: specs.flatMap(({ name: lab, nodes }) => nodes.map(({ name: node }) => ({ lab, node }))),
  }
}

function computeEngineHost(endpoint: string, platform: string, info: EngineInfo | undefined): EngineHost {
  const { operatingSystem = '', hostname = '' } = info ?? {}
  if (operatingSystem === 'Docker Desktop' || endpoint.includes('/.docker/')) return 'docker-desktop'
  if (operatingSystem === 'OrbStack' || endpoint.includes('/.orbstack/')) return 'orbstack'
  if (hostname.startsWith('colima') || /\/\.?colima\//.test(endpoint)) return 'colima'
  if (hostname === 'lima-rancher-desktop' || endpoint.includes('/.rd/')) return 'rancher-desktop'
  const isHere = endpoint === '' || endpoint.startsWith('unix://')
  return platform === 'linux' && isHere ? 'linux' : 'elsewhere'
}
