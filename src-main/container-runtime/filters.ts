/** CRI's list filters; ids may be prefixes, everything given has to match. */
import type { ContainerFilter, CriContainer, PodSandbox, PodSandboxFilter } from './cri.ts'

export function matchesLabels(labels: Record<string, string>, selector: Record<string, string> = {}): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value)
}

export function matchesPodSandbox(sandbox: PodSandbox, filter: PodSandboxFilter = {}): boolean {
  return (
    (filter.id === undefined || sandbox.id.startsWith(filter.id)) &&
    (filter.state === undefined || sandbox.state === filter.state) &&
    matchesLabels(sandbox.labels, filter.labelSelector)
  )
}

export function matchesContainer(container: CriContainer, filter: ContainerFilter = {}): boolean {
  return (
    (filter.id === undefined || container.id.startsWith(filter.id)) &&
    (filter.state === undefined || container.state === filter.state) &&
    (filter.podSandboxId === undefined || container.podSandboxId.startsWith(filter.podSandboxId)) &&
    matchesLabels(container.labels, filter.labelSelector)
  )
}
