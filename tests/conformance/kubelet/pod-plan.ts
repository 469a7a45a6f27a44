/** The pods of a case: what their manifests say, and what the simulated runtime makes of their containers. */
import type { Container, Pod } from '../../../src-main/common/api/core.ts'
import type { ContainerBehaviour } from '../../../src-main/container-runtime/simulated/behaviour.ts'
import type { Workload } from '../workloads.ts'

export interface ContainerPlan extends Partial<Container> {
  name: string
  /** A list: its runs one after another on the fake clock; a real container runs the first one's script. */
  runs: Workload | readonly Workload[]
}

export interface PodPlan {
  containers: readonly ContainerPlan[]
  initContainers?: readonly ContainerPlan[]
  spec?: Partial<Pod['spec']>
  metadata?: Pod['metadata']
}

export const IMAGE = 'busybox:1.36'

/** A pod with the one container `c`, as most that were recorded. */
export function onePod(
  runs: ContainerPlan['runs'],
  spec: PodPlan['spec'] = {},
  container: Partial<Container> = {},
): PodPlan {
  return { containers: [{ name: 'c', runs, ...container }], spec }
}

function workloadsOf({ runs }: ContainerPlan): readonly Workload[] {
  return 'script' in runs ? [runs] : runs
}

function toContainer(plan: ContainerPlan): Container {
  const { runs, ...container } = plan
  const script = workloadsOf({ ...plan, runs })[0]?.script ?? ''
  return { image: IMAGE, command: ['sh', '-c', script], ...container }
}

/** It says when it has done so; before, a signal would find it unprepared. */
export function setsTrap(plan: ContainerPlan): boolean {
  return workloadsOf(plan)[0]?.script.includes('touch /ready') === true
}

export function makeManifest(name: string, plan: PodPlan): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...plan.metadata },
    spec: {
      containers: plan.containers.map(toContainer),
      ...(plan.initContainers === undefined ? {} : { initContainers: plan.initContainers.map(toContainer) }),
      ...plan.spec,
    },
  }
}

/** By container name, one for each run. */
export function behavioursOf(plan: PodPlan): Map<string, ContainerBehaviour[]> {
  return new Map(
    [...(plan.initContainers ?? []), ...plan.containers].map((container) => [
      container.name,
      workloadsOf(container).map(({ behaviour }) => behaviour),
    ]),
  )
}

/** Commands of its hooks, as one word each, by which they are known from those of probes. */
export function hookCommandsOf(plan: PodPlan): string[] {
  return [...(plan.initContainers ?? []), ...plan.containers].flatMap(({ lifecycle }) =>
    [lifecycle?.postStart, lifecycle?.preStop].flatMap((hook) =>
      hook?.exec?.command === undefined ? [] : [hook.exec.command.join(' ')],
    ),
  )
}
