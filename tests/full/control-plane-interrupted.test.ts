/** `up --control-plane` killed at any moment: said again it ends in a cluster, and `delete` leaves nothing. */
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { ControlPlaneLab } from '../support/control-plane-lab.ts'
import { countObjects } from '../support/engine-api.ts'

const ROUNDS = 6
/** Longer than an undisturbed `up` on a machine that has nothing else to do. */
const LATEST_KILL_MS = 20_000

const lab = new ControlPlaneLab('interrupted')

afterAll(() => lab.dispose())

describe('an `up --control-plane` that is killed', () => {
  it.each(Array.from({ length: ROUNDS }, (_, round) => round))(
    'given no lab, when it is killed at a random moment and repeated (%i), then the cluster is there, and can be deleted whole',
    async () => {
      const killAfterMs = Math.round(Math.random() * LATEST_KILL_MS)
      console.log(`  killed after ${killAfterMs} ms`)
      const up = lab.start('up', '--control-plane', '--nodes', '1')
      const ended = once(up, 'exit')
      await Promise.race([delay(killAfterMs), ended])
      up.kill('SIGKILL')
      await ended

      await lab.up('--nodes', '1')
      const nodes = await lab.kubectlOk(['get', 'nodes', '-o', 'name'])
      expect(nodes.trim().split('\n').sort()).toEqual(['node/controlplane', 'node/node01'])
      await lab.waitForApiRunning('kube-scheduler-controlplane', 'kube-system')

      await lab.ok('delete')
      const left = await Promise.all(
        (['container', 'volume', 'network'] as const).map((kind) => countObjects(kind, lab.label)),
      )
      expect(left).toEqual([0, 0, 0])
    },
  )
})
