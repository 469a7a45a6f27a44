import { describe, expect, it } from 'vitest'
import { holdsSecret } from './secret-files.ts'

const SIZE_BYTES = 2 * 1024 * 1024
/** Quadratic work on files of this size takes an hour; this is room for a machine that does much else. */
const GENEROUS_MS = 30_000

describe('the search for secrets', () => {
  it.each([
    ['a key', '-----BEGIN RSA PRIVATE KEY-----'],
    ['a key of ssh', '  -----BEGIN OPENSSH PRIVATE KEY-----'],
    ['a key without a kind', '-----BEGIN PRIVATE KEY-----'],
    ['a JSON Web Token', 'x: eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlIn0.c2lnbmF0dXJl'],
    ['a Secret', 'apiVersion: v1\nkind: Secret\r\ndata: {}'],
    ['a Secret in a list', 'items:\n  - kind: "Secret" # of the shop\n'],
    ['a Secret on one line', '{apiVersion: v1, kind: Secret, data: {}}'],
    ['a Secret in JSON', '{"a":1,"kind":\n"Secret"}'],
    ['a token of kubeadm', 'kubeadm join --token abcdef.0123456789abcdef'],
    ['a token of kubeadm on a line of its own', 'token:\n  "abcdef.0123456789abcdef"'],
    ['a kubeconfig with a key', 'kind: Config\nusers:\n- user:\n    client-key-data: LS0t'],
    ['a kubeconfig with a token', 'kind: Config\nusers: [{user: {token: abc}}]'],
    ['a header', 'KUBELET_EXTRA_ARGS=--manifest-url-header=a:b'],
  ])('given %s, then it is found', (_what, text) => {
    expect(holdsSecret(Buffer.from(text))).toBe(true)
  })

  it.each([
    ['a pod that uses a Secret', 'kind: Pod\nspec: {volumes: [{name: a, secret: {secretName: b}}]}'],
    ['settings of a kubelet', 'kind: KubeletConfiguration\nserverTLSBootstrap: true\n'],
    ['a kubeconfig without credentials', 'kind: Config\nclusters: []\n'],
    ['a certificate', '-----BEGIN CERTIFICATE-----'],
  ])('given %s, then it is no secret', (_what, text) => {
    expect(holdsSecret(Buffer.from(text))).toBe(false)
  })

  it.each([
    '\n',
    ' ',
    ',',
    '{',
    'token',
    'token:',
    '-eyJaaaaaaaa',
    '.eyJ',
    '-----BEGIN A ',
    'kind: ',
    ',kind:Secre',
    'a',
  ])('given a large file of nothing but %j, then the work does not grow faster than the file', (piece) => {
    const content = Buffer.alloc(SIZE_BYTES, piece)
    const startedAt = performance.now()
    expect(holdsSecret(content)).toBe(false)
    expect(performance.now() - startedAt).toBeLessThan(GENEROUS_MS)
  })
})
