import { describe, expect, it } from 'vitest'
import { leaveOutSecrets } from './leave-out-secrets.ts'

const PEM =
  '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY/PuoAoGCCqGSM49\n-----END EC PRIVATE KEY-----'

describe('leaveOutSecrets', () => {
  it.each<[string, string, string]>([
    ['a private key', `before\n${PEM}\nafter`, 'MHcCAQEE'],
    ['half a private key', PEM.slice(0, 70), 'MHcCAQEE'],
    ['a key in a kubeconfig', `    client-key-data: ${Buffer.from(PEM).toString('base64')}`, 'UFJJVkFURSBLRVkt'],
    ['a token in a kubeconfig', 'users:\n- user:\n    token: s3cr3t-of-mine', 's3cr3t'],
    ['a header', 'Authorization: Bearer abcdef123456', 'abcdef123456'],
    ['a service account token', 'got eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlIn0.c2lnbmF0dXJl for it', 'eyJpc3Mi'],
    ['a flag', 'kubelet --token=abcdef.0123456789abcdef --v=2', '0123456789abcdef'],
    ['an environment variable', 'DB_PASSWORD=hunter2 node server.js', 'hunter2'],
    ['JSON in JSON', '{"msg":"{\\"password\\":\\"hunter2\\"}"}', 'hunter2'],
    ['an address', 'pulling from https://me:hunter2@example.org/x', 'hunter2'],
    ['the bridge', 'http://127.0.0.1:7474/#token=Zm9vYmFyYmF6cXV4', 'Zm9vYmFy'],
    ['a stream', 'ws+unix:///run/containerd/stream.sock:/exec/0123456789abcdef0123', '0123456789abcdef'],
    ['a Secret in a log', '{"kind":"Secret","metadata":{"name":"x"},"data":{"p":"aHVudGVyMg=="}}', 'aHVudGVyMg'],
    [
      'a Secret as YAML',
      'kind: Secret\nmetadata:\n  name: x\ndata:\n  p: aHVudGVyMg==\n  q: |\n    aHVudGVyMw',
      'aHVudGVy',
    ],
    ['a quoted value with blanks', 'password: "correct horse hunter2"', 'hunter2'],
    ['a quoted value with quotes', 'password: "a \\"b\\" hunter2", user: x', 'hunter2'],
    ['a value in single quotes', "password: 'it''s hunter2'", 'hunter2'],
    ['a value over lines', 'password: "correct\n  horse hunter2"', 'hunter2'],
    ['a quote that is never closed', 'password: "correct hunter2\nnext', 'hunter2'],
    ['blanks in JSON in JSON', '{"msg":"{\\"password\\":\\"a \\\\\\"b hunter2\\"}"}', 'hunter2'],
    ['a list', 'passwords: [one, "two", hunter2]', 'hunter2'],
    ['a list that begins on its line', 'tokens:\n  - hunter2', 'hunter2'],
    ['a variable of a pod as JSON', '{"name":"DB_PASSWORD_MAIN","value":"hunter2 x"}', 'hunter2'],
    ['a variable of a pod as JSON in JSON', '"{\\"name\\":\\"MY_TOKEN\\",\\"value\\":\\"hunter2\\"}"', 'hunter2'],
    ['a variable of a pod as YAML', '- name: DB_PASSWORD_MAIN\n  value: hunter2', 'hunter2'],
    ['a name in one word', 'bearerToken: hunter2', 'hunter2'],
    ['a flag and its word', 'mysql --password hunter2 --user me', 'hunter2'],
    ['a flag and its word in a list', '["mysql", "--password", "hunter2"]', 'hunter2'],
    ['a Secret before its kind', 'stringData:\n  p: hunter2\nkind: Secret', 'hunter2'],
  ])('given %s, when collected, then it is left out and said to be', (_what, text, secret) => {
    const kept = leaveOutSecrets(text)
    expect(text).toContain(secret)
    expect(kept).not.toContain(secret)
    expect(kept).toContain('[left out]')
  })

  it.each<[string, string]>([
    ['dashes', '-'],
    ['halves of tokens', 'eyJaaaaa-'],
    ['halves of names', 'a-'],
    ['halves of addresses', '://a:'],
    ['lines of base64', 'aaaaaaaaaaaaaaaaaaaa\n'],
    ['begins of keys', '-----BEGIN PRIVATE '],
    ['begins of objects', '"kind":"Secret","data":{'],
    ['begins of quoted values', 'token:"'],
    ['begins of values with other quotes', `token:"a token:'`],
    ['begins of lists', 'token:['],
    ['names', 'name:token'],
    ['names in one word', 'token'],
    ['flags', ' --a-'],
    ['names and blanks', `name:a${' '.repeat(2_000)}`],
    ['backslashes', 'token=\\'],
    ['more and more backslashes', Array.from({ length: 300 }, (_, count) => `token:${'\\'.repeat(count)}"`).join('')],
  ])(
    'given a pod that writes nothing but %s, when collected, then the time grows with the length of the text, not with its square',
    (_what, part) => {
      const started = process.cpuUsage()
      leaveOutSecrets(part.repeat(Math.ceil(60_000 / part.length)))
      const { user } = process.cpuUsage(started)
      // A thousandth of what a pattern takes that reads on from each place; a linear one takes some milliseconds.
      expect(user / 1e6).toBeLessThan(5)
    },
  )

  it('given ordinary lines, when collected, then they stay as they are', () => {
    const text = [
      'I1124 01:02:03.000000     7 kubelet] "Started container" container="nginx" pod="default/web-node01"',
      'kind: ConfigMap',
      'data:',
      '  colour: teal',
      'namespace: kube-system',
      'serviceAccountName: default',
      'kubelet --config /var/lib/kubelet/config.yaml --token-file x "--v","2"',
      '- name: COLOUR\n  value: teal',
      '-----BEGIN CERTIFICATE-----',
    ].join('\n')
    expect(leaveOutSecrets(text)).toBe(text)
  })
})
