import { describe, expect, it } from 'vitest'
import { readKubeconfig } from './kubeconfig.ts'

const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'

function aFile(change: (config: Record<string, unknown>) => void = () => undefined): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'lab',
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'node' } }],
    clusters: [
      {
        name: 'lab',
        cluster: {
          server: 'https://172.30.0.11:6443/',
          'certificate-authority-data': Buffer.from(PEM).toString('base64'),
        },
      },
    ],
    users: [{ name: 'node', user: { 'client-certificate': 'pki/node.crt', 'client-key': '/etc/node.key' } }],
  }
  change(config)
  return JSON.stringify(config)
}

function read(files: Record<string, string>) {
  return readKubeconfig('/etc/kubernetes/kubelet.conf', (path) => {
    const content = files[path]
    if (content === undefined) throw new Error(`open ${path}: no such file or directory`)
    return content
  })
}

const KEYS = { '/etc/kubernetes/pki/node.crt': 'certificate', '/etc/node.key': 'key' }

describe('kubeconfig', () => {
  it('given data and files, the access has both; paths are relative to the file', () => {
    expect(read({ '/etc/kubernetes/kubelet.conf': aFile(), ...KEYS })).toEqual({
      server: 'https://172.30.0.11:6443',
      certificateAuthority: PEM,
      clientCertificate: 'certificate',
      clientKey: 'key',
      insecureSkipTLSVerify: false,
      namespace: 'default',
    })
  })

  it.each([
    ['no file', undefined, 'open /etc/kubernetes/kubelet.conf: no such file or directory'],
    ['no YAML', '{', 'invalid kubeconfig /etc/kubernetes/kubelet.conf: '],
    ['another kind', 'kind: Pod', 'its kind is not Config'],
    ['no context', aFile((config) => delete config['current-context']), 'current-context is not set'],
    [
      'a context that is not there',
      aFile((config) => (config['current-context'] = 'x')),
      'context "x" is not among its contexts',
    ],
    ['no cluster', aFile((config) => (config['clusters'] = [])), 'cluster "lab" is not among its clusters'],
    ['a missing certificate', aFile(), 'unable to read client-certificate /etc/kubernetes/pki/node.crt: '],
  ])('given %s, it says so', (_what, content, words) => {
    const files: Record<string, string> = content === undefined ? {} : { '/etc/kubernetes/kubelet.conf': content }
    expect(() => read(files)).toThrow(words)
  })
})
