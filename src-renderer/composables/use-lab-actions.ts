/** What can be done with a lab and its nodes. Each reports its failure; its effect comes back as an event and shows on the board. */
import { useI18n } from 'vue-i18n'
import type { ControlPlaneChange, NodeTarget } from '@common/ipc/calls.ts'
import { MANIFESTS_PATH } from '@common/node-channel.ts'
import { call } from '../bridge/client.ts'
import { watchedFolder } from '../model/node-reading.ts'
import { useLabsStore } from '../stores/labs-store.ts'
import { useNotify } from './use-notify.ts'
import { useTellStarted } from './use-tell-started.ts'

export interface LabActions {
  /** Makes or starts it. */
  up(lab: string, options?: { nodes?: number; controlPlane?: boolean }): Promise<boolean>
  addControlPlane(lab: string): Promise<boolean>
  down(lab: string): Promise<boolean>
  deleteLab(lab: string): Promise<boolean>
  addNode(lab: string): Promise<boolean>
  removeNode(target: NodeTarget): Promise<boolean>
  addSimulatedNodes(lab: string, count: number): Promise<boolean>
  removeSimulatedNodes(lab: string): Promise<boolean>
  openFolder(target: NodeTarget): Promise<boolean>
  /** Who gives pods of DaemonSets their nodes. @returns what became of it; `undefined` when it failed */
  setScheduling(lab: string, scheduleDaemonSetPods: boolean): Promise<ControlPlaneChange | undefined>
}

export function useLabActions(): LabActions {
  const labs = useLabsStore()
  const notify = useNotify()
  const tellStarted = useTellStarted()
  const { t } = useI18n()

  /** `undefined` while the kubelet reads the folder that this machine has. */
  function folderElsewhere({ lab, node }: NodeTarget): string | undefined {
    const status = labs.nodeOf(lab, node)
    return status === undefined || status.watchesMountedFolder ? undefined : (watchedFolder(status) ?? undefined)
  }

  return {
    up: (lab, options = {}) =>
      notify.attempt(t('toast.failed.up', { lab }), async () => tellStarted(await call('lab/up', { lab, ...options }))),
    addControlPlane: (lab) =>
      notify.attempt(t('toast.failed.addControlPlane'), async () =>
        tellStarted(await call('lab/up', { lab, controlPlane: true })),
      ),
    down: (lab) =>
      notify.attempt(t('toast.failed.down', { lab }), async () => labs.setLab(await call('lab/down', { lab }))),
    deleteLab: (lab) =>
      notify.attempt(t('toast.failed.delete', { lab }), async () => {
        await call('lab/delete', { lab })
        labs.removeLab(lab)
      }),
    addNode: (lab) =>
      notify.attempt(t('toast.failed.addNode'), async () => labs.setLab(await call('node/add', { lab }))),
    removeNode: (target) =>
      notify.attempt(t('toast.failed.removeNode', { node: target.node }), async () =>
        labs.setLab(await call('node/remove', target)),
      ),
    addSimulatedNodes: (lab, count) =>
      notify.attempt(t('toast.failed.addSimulated'), async () =>
        labs.setLab(await call('simulated/add', { lab, count })),
      ),
    removeSimulatedNodes: (lab) =>
      notify.attempt(t('toast.failed.removeSimulated'), async () =>
        labs.setLab(await call('simulated/remove', { lab })),
      ),
    openFolder: (target) =>
      notify.attempt(t('toast.failed.openFolder', { node: target.node }), async () => {
        const elsewhere = folderElsewhere(target)
        if (elsewhere !== undefined)
          return notify.success(t('node.folderOnNode', { node: target.node, path: elsewhere }), {
            detail: t('node.folderOnNodeHint', { path: MANIFESTS_PATH }),
          })
        const { path, opened } = await call('node/open-folder', target)
        if (!opened) notify.success(t('node.folderPath', { node: target.node, path }))
      }),
    setScheduling: async (lab, scheduleDaemonSetPods) => {
      let change: ControlPlaneChange | undefined
      await notify.attempt(t('toast.failed.setScheduling'), async () => {
        change = await call('control-plane/set', { lab, scheduleDaemonSetPods })
        if (change.manifest === 'missing') notify.success(t('scheduling.missing'))
      })
      return change
    },
  }
}
