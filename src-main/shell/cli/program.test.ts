import { CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import type { LabManager } from '../../lab/lab-manager.ts'
import { UsageError } from './exit-codes.ts'
import { runWords } from './testing/run-words.ts'

describe('command line', () => {
  it('given a command for a node, when it has options, then they are the command’s, wherever the lab is named', async () => {
    const asked: unknown[] = []
    const shell: LabManager['shell'] = (target, { command }) => {
      asked.push([target, command])
      return Promise.resolve(0)
    }
    const journal = ['journalctl', '-u', 'kubelet', '-n', '5']
    await runWords(['shell', 'node02', '--lab', 't', ...journal], { shell })
    await runWords(['shell', 'node02', ...journal, '--lab', 't'], { shell })
    await runWords(['shell', 'node02', '--lab', 't', '--', 'ps', '-ef'], { shell })
    const target = { lab: 't', node: 'node02' }
    expect(asked).toEqual([
      [target, journal],
      [target, journal],
      [target, ['ps', '-ef']],
    ])
    await expect(runWords(['shell', 'node02', '--labb', 't'], { shell })).rejects.toThrow(UsageError)
  })

  it.each([
    [['frobnicate']],
    [['up', '--nodes', '0']],
    [['up', '--lab', 'Not A Name']],
    [['status', '--lab', 'Not A Name']],
    [['manifests']],
    [['pods', '-o', 'toml']],
    [['remove', 'node01', '../escape.yaml']],
    [['serve', '--port', '99999']],
    [['settings', 'get', 'policy']],
    [['settings', 'set', 'theme', 'pink']],
    [['settings', 'set', 'zoomLevel', 'large']],
    [['apply', '-', 'node01']],
    [['component', 'stop', 'nginx']],
  ])('given %j, when parsed, then it is a usage error and the lab is not touched', async (words) => {
    const outcome = runWords(words, {})
    await expect(outcome).rejects.toSatisfy((error) => error instanceof UsageError || error instanceof CommanderError)
  })
})
