import { describe, expect, it } from 'vitest'
import { nodeSettingFault, type NodeSettingName } from '../../../common/lab/node-settings.ts'
import { changeNodeTexts, readNodeTexts } from './change-node-files.ts'

const texts = {
  configuration: '# mine\nkind: KubeletConfiguration\nstaticPodPath: /etc/kubernetes/manifests # the folder\n',
  flags: '# flags\nKUBELET_KUBEADM_ARGS="--v=2 --node-labels=a=b --max-pods=5"\n',
}

describe('settings in the files of a node', () => {
  it('given files, when read, then what they say is told, and what they do not say has no value', () => {
    const values = Object.fromEntries(readNodeTexts(texts).map(({ name, value }) => [name, value]))
    expect(values).toEqual({ staticPodPath: '/etc/kubernetes/manifests', labels: 'a=b' })
  })

  it('given changes, when made, then comments and other flags stay, and reading gives them back', () => {
    const changed = changeNodeTexts(texts, {
      maxPods: '7',
      taints: 'dedicated=gpu:NoSchedule,x:NoExecute',
      systemReserved: 'cpu=100m,memory=64Mi',
      labels: 'zone=a,disk=ssd',
    })
    expect(changed.configuration).toContain('# mine')
    expect(changed.configuration).toContain('# the folder')
    expect(changed.flags).toBe('# flags\nKUBELET_KUBEADM_ARGS="--v=2  --max-pods=5 --node-labels=zone=a,disk=ssd"\n')
    expect(readNodeTexts(changed).map(({ value }) => value)).toEqual([
      '7',
      '/etc/kubernetes/manifests',
      'cpu=100m,memory=64Mi',
      'dedicated=gpu:NoSchedule,x:NoExecute',
      'zone=a,disk=ssd',
    ])
  })

  it('given settings, when they are taken away, then the files do not name them any more', () => {
    const changed = changeNodeTexts(texts, { staticPodPath: null, labels: null })
    expect(readNodeTexts(changed).filter(({ value }) => value !== undefined)).toEqual([])
    expect(changed.flags).toContain('--v=2')
  })

  it('given a file of flags without the line, when labels are set, then the line is added', () => {
    expect(changeNodeTexts({ ...texts, flags: 'X=1' }, { labels: 'a=b' }).flags).toBe(
      'X=1\nKUBELET_KUBEADM_ARGS="--node-labels=a=b"\n',
    )
  })

  it('given labels with blanks between them, when they are set, then they stay one argument', () => {
    expect(changeNodeTexts({ ...texts, flags: '' }, { labels: 'a=b, c=d,\n e' }).flags).toBe(
      'KUBELET_KUBEADM_ARGS="--node-labels=a=b,c=d,e="\n',
    )
  })

  it.each<[NodeSettingName, string]>([
    ['maxPods', '-1'],
    ['maxPods', 'many'],
    ['staticPodPath', 'manifests'],
    ['systemReserved', 'disk=1'],
    ['systemReserved', 'cpu=much'],
    ['taints', 'a=b'],
    ['taints', 'a=b:Never'],
    ['labels', 'a b=c'],
    ['labels', 'a="c" --v=9'],
  ])('given %s=%s, when checked, then it is refused by name', (name, value) => {
    expect(nodeSettingFault(name, value)).toContain(name === 'labels' ? 'label' : name)
  })
})
