/** The runtime itself: version, status, configuration. */
import { expect } from 'vitest'
import { defineCases } from '../cri-case.ts'

export const RUNTIME_CASES = defineCases({
  version: {
    given: 'a runtime',
    when: 'asked for its version',
    then: 'it speaks v1 and has a name and a version',
    async run({ runtime }) {
      const version = await runtime.version()
      expect(version).toMatchObject({ version: '0.1.0', runtimeApiVersion: 'v1' })
      expect(version.runtimeName).toMatch(/^[a-z]+$/)
      expect(version.runtimeVersion).toMatch(/^\d+\.\d+\.\d+/)
    },
  },
  status: {
    given: 'a runtime that serves',
    when: 'asked for its status',
    then: 'the conditions RuntimeReady and NetworkReady are true',
    async run({ runtime }) {
      const { conditions } = await runtime.status()
      for (const type of ['RuntimeReady', 'NetworkReady'])
        expect(conditions.find((condition) => condition.type === type)).toMatchObject({ status: true, reason: '' })
    },
  },
  'update-runtime-config': {
    given: 'a runtime',
    when: 'it is told the addresses that a cluster has chosen for its pods',
    then: 'it takes them or has its own, and pods go on being made',
    async run(world) {
      await world.runtime.updateRuntimeConfig({ podCidr: '10.1.0.0/24' })
      const { sandboxId } = await world.runPod()
      expect((await world.runtime.podSandboxStatus(sandboxId)).state).toBe('SANDBOX_READY')
    },
  },
  'runtime-config': {
    given: 'a runtime',
    when: 'asked for its configuration',
    then: 'it names the driver of control groups',
    async run({ runtime }) {
      expect(['SYSTEMD', 'CGROUPFS']).toContain((await runtime.runtimeConfig()).cgroupDriver)
    },
  },
})
