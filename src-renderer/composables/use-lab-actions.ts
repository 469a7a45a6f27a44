/** What can be done with a lab and its nodes. Each reports its failure; its effect comes back as an event and shows on the board. */
import { useI18n } from 'vue-i18n'
import type { ControlPlaneChange, NodeTarget } from '@common/ipc/calls.ts'
import { call } from '../bridge/client.ts'
import { useLabsStore } from '../stores/labs-store.ts'
import { useNotify } from './use-notify.ts'

export interface LabActions {
  up(lab: string): Promise<boolean>
  addControlPlane(lab: string): Promise<boolean>
  down(lab: string): Promise<boolean>
  deleteLab(lab: string): Promise<boolean>
  addNode(lab: string): Promise<boolean>
  removeNode(target: NodeTarget): Promise<boolean>
  addSimulatedNodes(lab: string, count: number): Promise<boolean>
  removeSimulatedNodes(lab: string): Promise<boolean>
  startNode(target: NodeTarget): Promise<boolean>
  stopNode(target: NodeTarget): Promise<boolean>
  restartKubelet(target: NodeTarget): Promise<boolean>
  openFolder(target: NodeTarget): Promise<boolean>
  /** Who gives pods of DaemonSets their nodes. @returns what became of it; `undefined` when it failed */
  setScheduling(lab: string, scheduleDaemonSetPods: boolean): Promise<ControlPlaneChange | undefined>
}

export function useLabActions(): LabActions {
  const labs = useLabsStore()
  const notify = useNotify()
  const { t } = useI18n()

  return {
    up: (lab) => notify.attempt(t('toast.failed.up', { lab }), async () => labs.setLab(await call('lab/up', { lab }))),
    addControlPlane: (lab) =>
      notify.attempt(t('toast.failed.addControlPlane'), async () =>
        labs.setLab(await call('lab/up', { lab, controlPlane: true })),
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
    startNode: (target) =>
      notify.attempt(t('toast.failed.startNode', { node: target.node }), async () =>
        labs.setLab(await call('node/start', target)),
      ),
    stopNode: (target) =>
      notify.attempt(t('toast.failed.stopNode', { node: target.node }), async () =>
        labs.setLab(await call('node/stop', target)),
      ),
    restartKubelet: (target) =>
      notify.attempt(t('toast.failed.restartKubelet', { node: target.node }), async () => {
        await call('node/restart-kubelet', target)
      }),
    openFolder: (target) =>
      notify.attempt(t('toast.failed.openFolder', { node: target.node }), async () => {
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
