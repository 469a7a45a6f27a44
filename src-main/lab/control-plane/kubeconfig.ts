/** Kubeconfig files: how a client reaches the lab's API server, and as whom. */
import { stringify } from 'yaml'

export interface KubeconfigParts {
  /** `https://172.30.0.11:6443`. */
  server: string
  clusterName: string
  userName: string
  contextName: string
  /** PEM. */
  authority: string
  /** PEM texts, or one file on the node that has both. */
  client: { certificate: string; key: string } | { file: string }
}

export function formatKubeconfig(parts: KubeconfigParts): string {
  const { client } = parts
  const user =
    'file' in client
      ? { 'client-certificate': client.file, 'client-key': client.file }
      : { 'client-certificate-data': base64(client.certificate), 'client-key-data': base64(client.key) }
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: parts.clusterName,
          cluster: { 'certificate-authority-data': base64(parts.authority), server: parts.server },
        },
      ],
      contexts: [{ name: parts.contextName, context: { cluster: parts.clusterName, user: parts.userName } }],
      'current-context': parts.contextName,
      users: [{ name: parts.userName, user }],
    },
    { lineWidth: 0 },
  )
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
