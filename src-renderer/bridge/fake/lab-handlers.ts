/** Calls of the in-memory bridge about a lab as a whole, and its simulated nodes. */
import { LabError } from '@common/lab-error.ts'
import type { RepairNote } from '@common/lab/repair-note.ts'
import { labStep } from '@common/lab/lab-texts.ts'
import type { FakeLab } from './fake-lab.ts'
import type { HandlersOf } from './handlers.ts'

/** Of each step of long work. */
const STEP_MS = 1_200

export function labHandlers(fake: FakeLab): HandlersOf<'lab' | 'simulated'> {
  return {
    'lab/list': async () => [...(fake.status === undefined ? [] : [fake.status]), ...fake.others.values()],
    'lab/up': async ({ lab, nodes = 2, controlPlane = false }) => {
      if (fake.others.has(lab)) {
        await fake.tasks.work('lab-up', lab, [labStep('node-start')], STEP_MS)
        const repairs: RepairNote[] = [{ kind: 'network' }, { kind: 'volume', node: 'node02' }]
        return { ...fake.addOther(lab, 'running'), repairs }
      }
      if (fake.nodes.size === 0) for (let number = 1; number <= nodes; number += 1) fake.addNode(`node0${number}`)
      await fake.tasks.work(
        'lab-up',
        lab,
        [
          labStep('network-make'),
          labStep('of-node', { node: 'node01', text: { text: 'node-start' } }),
          labStep('kubelets-wait', { nodes: [...fake.nodes.keys()].join(', ') }),
        ],
        STEP_MS,
      )
      for (const node of fake.nodes.values()) node.powerOn()
      if (controlPlane && fake.cluster === undefined) {
        fake.addControlPlane()
        fake.publish('running', lab)
      }
      fake.cluster?.become('ready')
      return fake.publish('running', lab)
    },
    'lab/down': async ({ lab }) => {
      if (fake.others.has(lab)) return fake.addOther(lab, 'stopped')
      await fake.tasks.work('lab-down', lab, [labStep('nodes-stop')], STEP_MS)
      for (const node of fake.nodes.values()) node.powerOff()
      return fake.publish('stopped')
    },
    'lab/delete': async ({ lab }) => {
      if (fake.others.delete(lab)) {
        fake.emit('lab/gone', { lab })
        return null
      }
      fake.remove(lab)
      return null
    },
    'lab/rename': async ({ lab, name }) => {
      await fake.tasks.work(
        'lab-rename',
        lab,
        [labStep('of-node', { node: 'node01', text: { text: 'disk-copy' } })],
        STEP_MS,
      )
      fake.emit('lab/gone', { lab })
      return fake.others.delete(lab) ? fake.addOther(name, 'stopped') : fake.publish('stopped', name)
    },
    'lab/clone': async ({ lab, name, up = false }) => {
      await fake.tasks.work('lab-clone', name, [labStep('lab-read', { lab })], STEP_MS)
      return { status: fake.addOther(name, up ? 'running' : 'stopped'), manifests: 3, missingImages: [], leftOut: [] }
    },
    'lab/export': async ({ lab }) => {
      await fake.tasks.work('lab-export', lab, [labStep('lab-read', { lab })], STEP_MS)
      const content = btoa(`the lab ${lab}`)
      return {
        name: `${lab}.lab.tar.gz`,
        sizeBytes: content.length,
        path: null,
        content,
        manifests: 3,
        settings: 4,
        images: ['nginx'],
        leftOut: [{ node: 'node01', path: '/etc/kubernetes/manifests/secret.yaml', why: 'secret' }],
      }
    },
    'lab/import': async ({ name = 'imported', content, up = false }) => {
      if (content !== undefined && !atob(content).startsWith('the lab '))
        throw new LabError({
          kind: 'BadRequest',
          message: 'the archive is refused: it is no .tar.gz file',
          remedy: 'Get the file anew from whoever exported the lab; nothing was imported.',
        })
      await fake.tasks.work('lab-import', name, [labStep('volume-fill')], STEP_MS)
      const status = fake.addOther(name, up ? 'running' : 'stopped')
      return { status, manifests: 3, missingImages: ['example.org/app:1'], leftOut: [] }
    },
    'simulated/add': async ({ lab, count }) => {
      await fake.tasks.work(
        'node-add',
        `${lab}/simulated`,
        [labStep('simulated-certificates', { group: 'simulated', count })],
        STEP_MS,
      )
      fake.setSimulatedNodes(fake.simulatedNodes + count)
      return fake.publish('running')
    },
    'simulated/remove': async ({ lab }) => {
      await fake.tasks.work('node-remove', `${lab}/simulated`, [labStep('containers-remove', { count: 1 })], STEP_MS)
      fake.setSimulatedNodes(0)
      return fake.publish('running')
    },
  }
}
