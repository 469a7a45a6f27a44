/** What the engine has of a lab, read anew at every step: there is no other memory of it. */
import { HOME_LABEL, LAB_LABEL, NODE_LABEL, ROLE_LABEL, SPEC_HASH_LABEL } from '../../common/engine-labels.ts'
import { LabError } from '../../common/lab-error.ts'
import type { Engine, EngineContainer, EngineNetwork } from '../engine/engine.ts'

export interface ObservedContainer {
  id: string
  name: string
  /** Of `EngineRole`, or whatever somebody wrote there. */
  role: string
  node: string
  /** As Docker says it. */
  state: string
  specHash: string
  /** Of the containers that make up the lab; empty for those of pods and helpers. */
  restartPolicy: string
}

export interface ObservedLab {
  networks: { id: string; name: string; specHash: string }[]
  volumes: { name: string; node: string }[]
  containers: ObservedContainer[]
  /** Homes other than this one that objects with the lab's label belong to. */
  otherHomes: string[]
}

export async function observeLab(engine: Engine, lab: string, home: string): Promise<ObservedLab> {
  const labels = { [LAB_LABEL]: lab }
  const [containers, networks, volumes] = await Promise.all([
    engine.listContainers(labels),
    engine.listNetworks(labels),
    engine.listVolumes(labels),
  ])
  const homes = [...containers, ...networks, ...volumes].flatMap((object) => object.labels[HOME_LABEL] ?? [])
  return {
    networks: networks.map(({ id, name, labels: found }) => ({ id, name, specHash: found[SPEC_HASH_LABEL] ?? '' })),
    volumes: volumes.map(({ name, labels: found }) => ({ name, node: found[NODE_LABEL] ?? '' })),
    containers: await Promise.all(containers.map((container) => observeContainer(engine, container))),
    otherHomes: [...new Set(homes)].filter((other) => other !== home),
  }
}

async function observeContainer(engine: Engine, container: EngineContainer): Promise<ObservedContainer> {
  const role = container.labels[ROLE_LABEL] ?? ''
  const isMachine = role === 'node' || role === 'runtime' || role === 'simulated'
  const details = isMachine ? await engine.inspectContainer(container.id) : undefined
  return {
    id: container.id,
    name: container.name,
    role,
    node: container.labels[NODE_LABEL] ?? '',
    state: details?.state ?? container.state,
    specHash: container.labels[SPEC_HASH_LABEL] ?? '',
    restartPolicy: details?.restartPolicy ?? '',
  }
}

/** Address ranges of all networks of the engine. */
export async function engineSubnets(engine: Engine): Promise<string[]> {
  const networks: EngineNetwork[] = await engine.listNetworks()
  return networks.flatMap((network) => network.subnets)
}

/** Two homes cannot have labs of the same name on one engine: names in the engine are made of the lab's name. @throws Conflict */
export function refuseOtherHomes(lab: string, observed: ObservedLab): void {
  const [other] = observed.otherHomes
  if (other === undefined) return
  throw new LabError({
    kind: 'Conflict',
    message: `the engine has a lab "${lab}" already that belongs to another home of Node Lab: ${other}`,
    remedy: `Choose another name for the lab, or delete that one with NODE_LAB_HOME=${other}.`,
    details: { home: other },
  })
}
