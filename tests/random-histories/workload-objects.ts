/** The DaemonSets and the Deployment of random histories, and what their pods show. */
import { controllerOf } from '../../src-main/controller-manager/control/owner-reference.ts'
import { targetNodeOf } from '../../src-main/controller-manager/daemonset/daemon-pod.ts'
import { isPodReady } from '../../src-main/common/api/pod-helpers.ts'
import type { ApiObject } from '../../src-main/common/api/api-object.ts'
import type { Pod } from '../../src-main/common/api/core.ts'
import type { DaemonSet, DaemonSetUpdateStrategy } from '../../src-main/common/api/daemon-set.ts'
import type { Deployment } from '../../src-main/common/api/deployment.ts'
import type { PodTemplateSpec } from '../../src-main/common/api/pod-template.ts'
import type { Strategy } from './history-plan.ts'

export const NAMESPACE = 'default'
export const DEPLOYMENT_NAME = 'web'
const VERSION = 'VERSION'

export type LivePod = Pod & ApiObject

/** All members, so that a patch with one strategy leaves nothing of another. */
export const UPDATE_STRATEGIES: Readonly<Record<Strategy, DaemonSetUpdateStrategy>> = {
  'one away': { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
  'two away': { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 2, maxSurge: 0 } },
  'half away': { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '50%', maxSurge: 0 } },
  'one more': { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
  'on delete': { type: 'OnDelete' },
}

export function aDaemonSet(name: string, onSsdOnly: boolean, strategy: Strategy): DaemonSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { namespace: NAMESPACE, name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: templateOf(name, 0, onSsdOnly),
      updateStrategy: UPDATE_STRATEGIES[strategy],
    },
  }
}

export function aDeployment(replicas: number): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: NAMESPACE, name: DEPLOYMENT_NAME },
    spec: {
      replicas,
      selector: { matchLabels: { app: DEPLOYMENT_NAME } },
      template: templateOf(DEPLOYMENT_NAME, 0, false),
    },
  }
}

function templateOf(app: string, version: number, onSsdOnly: boolean): PodTemplateSpec {
  const nodeSelector = onSsdOnly ? { nodeSelector: { disk: 'ssd' } } : {}
  return {
    metadata: { labels: { app } },
    spec: { ...nodeSelector, containers: [{ name: 'c', image: 'bb', env: versionOf(version) }] },
  }
}

function versionOf(version: number): { name: string; value: string }[] {
  return [{ name: VERSION, value: String(version) }]
}

/** A strategic merge patch of what has a template. */
export function versionPatch(version: number): object {
  return { spec: { template: { spec: { containers: [{ name: 'c', env: versionOf(version) }] } } } }
}

/** Of a pod or a template. */
export function shownVersion({ spec }: Pick<PodTemplateSpec, 'spec'>): string | undefined {
  return spec.containers[0]?.env?.find(({ name }) => name === VERSION)?.value
}

/** Its version, and where it may be: what a rolling update compares. */
export function isUpToDate(pod: Pod, { spec: { template } }: DaemonSet): boolean {
  const selectors = [pod.spec.nodeSelector, template.spec.nodeSelector].map((each) => JSON.stringify(each ?? {}))
  return shownVersion(pod) === shownVersion(template) && selectors[0] === selectors[1]
}

export function allowsSurge({ spec }: DaemonSet): boolean {
  const { type, rollingUpdate } = spec.updateStrategy ?? {}
  return type === 'RollingUpdate' && (rollingUpdate?.maxSurge ?? 0) !== 0
}

/** It has not ended, and is not about to. */
export function isLive({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp === undefined && status?.phase !== 'Failed' && status?.phase !== 'Succeeded'
}

export function isReady(pod: Pod): boolean {
  return isLive(pod) && isPodReady(pod)
}

export function ownerUid(pod: LivePod): string | undefined {
  return controllerOf(pod)?.uid
}

/** Where it is, or is meant to be. */
export function placeOf(pod: Pod): string {
  return targetNodeOf(pod) ?? ''
}
