/** From the engine's answers about itself to what the doctor needs of them; whatever is missing is told as missing. */
import type { EngineInfo } from './engine.ts'

const LIMITS = [
  ['MemoryLimit', 'memory'],
  ['CpuCfsQuota', 'cpu'],
  ['PidsLimit', 'pids'],
] as const

/** The answer to `GET /info`. */
export function parseEngineInfo(answer: unknown): EngineInfo {
  const fields = new Map(Object.entries(isObject(answer) ? answer : {}))
  const text = (name: string): string => {
    const value = fields.get(name)
    return typeof value === 'string' ? value : ''
  }
  const options = fields.get('SecurityOptions')
  const security = Array.isArray(options) ? options.map(String) : []
  const memory = fields.get('MemTotal')
  return {
    operatingSystem: text('OperatingSystem'),
    hostname: text('Name'),
    // Engines of before version 2 do not tell.
    cgroupVersion: text('CgroupVersion') || '1',
    cgroupDriver: text('CgroupDriver'),
    rootless: security.some((option) => option.startsWith('name=rootless')),
    selinux: security.some((option) => option.startsWith('name=selinux')),
    missingLimits: LIMITS.filter(([name]) => fields.get(name) !== true).map(([, limit]) => limit),
    memoryBytes: typeof memory === 'number' ? memory : 0,
    dataRoot: text('DockerRootDir'),
  }
}

/** The answer to `GET /system/df?type=build-cache`; what is in use cannot be had back. */
export function sumBuildCache(answer: unknown): number {
  const records: unknown = isObject(answer) ? new Map(Object.entries(answer)).get('BuildCache') : undefined
  if (!Array.isArray(records)) return 0
  return records.reduce((sum: number, record: unknown) => {
    const { InUse: inUse, Size: size } = record as { InUse?: unknown; Size?: unknown }
    return inUse === true || typeof size !== 'number' ? sum : sum + size
  }, 0)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
