/** One lab for all cases of a cluster: a control plane and two workers, and everything that its API server tells. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../../src-main/base/clock.ts'
import { DisposableStore, type Disposable } from '../../../src-main/base/disposable.ts'
import { silentLogger } from '../../../src-main/base/logger.ts'
import type { ApiObject, GroupVersionResource } from '../../../src-main/common/api/api-object.ts'
import type { Pod } from '../../../src-main/common/api/core.ts'
import type { DaemonSet } from '../../../src-main/common/api/daemon-set.ts'
import type { Node } from '../../../src-main/common/api/node.ts'
import { EVENTS, type ComponentEvent } from '../../../src-main/kube/event.ts'
import { Informer } from '../../../src-main/kube/informer.ts'
import { DAEMON_SETS, NODES, PODS } from '../../../src-main/kube/resources.ts'
import { ControlPlaneLab } from '../../support/control-plane-lab.ts'
import { waitUntil } from '../../support/wait-until.ts'

const MANAGER_FILE = 'kube-controller-manager.yaml'

export class ClusterLab implements Disposable {
  readonly lab: ControlPlaneLab
  readonly pods: Informer<Pod & ApiObject>
  readonly daemonSets: Informer<DaemonSet>
  readonly nodes: Informer<Node>
  readonly events: Informer<ComponentEvent>
  readonly #owned = new DisposableStore()

  private constructor(lab: ControlPlaneLab) {
    this.lab = lab
    const client = this.#owned.add(lab.client())
    const informer = <Kind extends ApiObject>(resource: GroupVersionResource): Informer<Kind> => {
      const options = { client, clock: systemClock(), logger: silentLogger, random: Math.random, resource }
      const made = this.#owned.add(new Informer<Kind>(options))
      made.start()
      return made
    }
    this.pods = informer(PODS)
    this.daemonSets = informer(DAEMON_SETS)
    this.nodes = informer(NODES)
    this.events = informer(EVENTS)
  }

  /** @param managerFlags of kube-controller-manager, as an administrator would write them into its manifest */
  static async start(name: string, managerFlags: readonly string[]): Promise<ClusterLab> {
    const lab = new ControlPlaneLab(name)
    await lab.up('--nodes', '2')
    const cluster = new ClusterLab(lab)
    if (managerFlags.length > 0) await cluster.setManagerFlags(managerFlags)
    const informers = [cluster.pods, cluster.daemonSets, cluster.nodes, cluster.events]
    await waitUntil({ what: 'the lab to be watched' }, () =>
      informers.every((each) => each.hasSynced) ? true : undefined,
    )
    return cluster
  }

  /** Adds flags to the manifest of kube-controller-manager, and waits until it leads. @returns how to take them out again */
  async setManagerFlags(flags: readonly string[]): Promise<() => Promise<void>> {
    const path = join(await this.lab.manifestsFolder('controlplane'), MANAGER_FILE)
    const before = readFileSync(path, 'utf8')
    await this.#restartManager(
      path,
      before.replace(/^( *)- (--kubeconfig=.*)$/m, (_line, indent: string, flag: string) =>
        [flag, ...flags].map((each) => `${indent}- ${each}`).join('\n'),
      ),
    )
    return () => this.#restartManager(path, before)
  }

  /** Takes the manifest of a part of the control plane away. @returns how to put it back, which waits until it runs */
  async takePart(part: 'kube-scheduler' | 'kube-controller-manager'): Promise<() => Promise<void>> {
    const giveBack = await this.lab.takeManifest(`${part}.yaml`)
    await this.lab.waitForGone(`${part}-controlplane`)
    return async () => {
      await giveBack()
      await this.lab.waitForApiRunning(`${part}-controlplane`, 'kube-system')
    }
  }

  async dispose(): Promise<void> {
    await this.#owned.dispose()
    await this.lab.dispose()
  }

  /** The new one has proved itself when it has made what every namespace gets. */
  async #restartManager(path: string, manifest: string): Promise<void> {
    writeFileSync(path, manifest)
    await waitUntil({ what: 'the other controller manager', timeoutSeconds: 90, intervalMs: 250 }, async () => {
      const pod = await this.lab.apiPod('kube-controller-manager-controlplane', 'kube-system')
      const isNew = JSON.stringify(pod.spec.containers[0]?.command) === JSON.stringify(commandOf(manifest))
      return isNew && pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true
        ? true
        : undefined
    })
    const probe = `probe-${Date.now().toString(36)}`
    await this.lab.kubectlOk(['create', 'namespace', probe])
    await waitUntil({ what: 'the controllers to work', timeoutSeconds: 90 }, () =>
      this.lab.kubectlOk(['get', 'serviceaccount', 'default', '-n', probe]),
    )
  }
}

function commandOf(manifest: string): string[] {
  const [, block = ''] = /^ *(?:- )?command:\n((?: *- .*\n)+)/m.exec(manifest) ?? []
  return block
    .trim()
    .split('\n')
    .map((line) => line.trim().slice(2))
}
