import { expect, it } from 'vitest'
import { computeKubeletOptions, nodeLogFolder } from './simulated-kubelet-options.ts'

it('given a simulated node, when its kubelet shows the logs of its system, then those of pods are there and their Secrets are not', () => {
  const { podLogsDirectory, rootDirectory } = computeKubeletOptions('sim001', 1)
  const shown = `${nodeLogFolder('sim001')}/`
  expect(podLogsDirectory.startsWith(shown)).toBe(true)
  expect(`${rootDirectory}/pods`.startsWith(shown)).toBe(false)
})
