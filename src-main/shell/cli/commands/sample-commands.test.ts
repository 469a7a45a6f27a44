import { expect, it } from 'vitest'
import { runWords } from '../testing/run-words.ts'

it('given the sample shelf, when it is listed and one is asked for, then kinds are told and the file is printed', async () => {
  const { printed } = await runWords(['samples'], {})
  expect(printed.join('\n')).toMatch(/^log-collector-daemonset +DaemonSet +A log collector on every node\.$/m)
  const [file] = (await runWords(['samples', 'log-collector-daemonset'], {})).printed
  expect(file).toMatch(/^kind: DaemonSet$/m)
  await expect(runWords(['samples', 'nothing'], {})).rejects.toThrow('there is no sample "nothing"')
})
