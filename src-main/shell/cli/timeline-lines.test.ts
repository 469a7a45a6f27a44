import { expect, it } from 'vitest'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import type { UserAction } from '../../common/lab/user-action.ts'
import { mergeTimeline, selectActions } from './timeline-lines.ts'

const entry: TimelineEntry = {
  ...{ boot: 'b', sequence: 1, time: '2026-01-01T10:20:30.400Z', node: 'node01', type: 'Normal', subject: 'file' },
  ...{
    reason: 'FileAccepted',
    message: '',
    file: 'web.yaml',
    pod: { namespace: 'default', name: 'web-node01', uid: 'u' },
  },
}

function anAction(change: Partial<UserAction>): UserAction {
  return { id: '1', lab: 'default', kind: 'ManifestAdded', time: '2026-01-01T10:20:30.400Z', ...change }
}

it('given an entry and the action that it follows from, then the action comes first', () => {
  expect(mergeTimeline([entry], [anAction({})]).map(({ kind }) => kind)).toEqual(['action', 'entry'])
})

it('given many actions, when a pod is asked for, then those about it, its file, its node and the lab are shown', () => {
  const actions = [
    anAction({ id: 'file', node: 'node01', file: 'web.yaml' }),
    anAction({ id: 'other file', node: 'node01', file: 'db.yaml' }),
    anAction({ id: 'file elsewhere', node: 'node02', file: 'web.yaml' }),
    anAction({
      id: 'crash',
      kind: 'ContainerCrashed',
      node: 'node01',
      pod: { namespace: 'default', name: 'web-node01' },
    }),
    anAction({ id: 'other pod', kind: 'ApiPodDeleted', pod: { namespace: 'default', name: 'db-node01' } }),
    anAction({ id: 'kubelet', kind: 'KubeletStopped', node: 'node01' }),
    anAction({ id: 'other kubelet', kind: 'KubeletStopped', node: 'node02' }),
    anAction({ id: 'lab', kind: 'LabStarted' }),
    anAction({ id: 'refused', kind: 'NodeStopped', node: 'node01', failed: true }),
  ]
  const idsFor = (pod: string | undefined): string[] => selectActions(actions, [entry], pod).map(({ id }) => id)
  expect(idsFor('web-node01')).toEqual(['file', 'crash', 'kubelet', 'lab'])
  expect(idsFor(undefined)).toHaveLength(8)
})
