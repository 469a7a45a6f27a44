/**
 * The certificate authorities of a lab's cluster on this machine: `labs/<lab>/pki`, in kubeadm's layout, for the user only.
 * They are made once, before anything that they sign; everything else can be issued again.
 */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { LabError } from '../../common/lab-error.ts'
import { hasCode } from '../store/error-code.ts'
import { makeAuthority, makeSigningKey, type KeyPair } from './certificate.ts'

export interface ClusterAuthorities {
  /** Signs the API server's certificate and all of its clients'. */
  cluster: KeyPair
  etcd: KeyPair
  frontProxy: KeyPair
  /** Signs service account tokens. */
  serviceAccount: { privateKey: string; publicKey: string }
}

const FILES = {
  cluster: { certificate: 'ca.crt', key: 'ca.key' },
  etcd: { certificate: 'etcd/ca.crt', key: 'etcd/ca.key' },
  frontProxy: { certificate: 'front-proxy-ca.crt', key: 'front-proxy-ca.key' },
  serviceAccount: { privateKey: 'sa.key', publicKey: 'sa.pub' },
} as const

/**
 * Those of the folder, or new ones if it is not there. Only while holding the lab's lock.
 * @throws Conflict when the folder is there and one of its files is not
 */
export async function ensureAuthorities(folder: string, now: number): Promise<ClusterAuthorities> {
  const present = await readAuthorities(folder)
  if (present !== undefined) return present
  const [cluster, etcd, frontProxy, serviceAccount] = await Promise.all([
    makeAuthority('kubernetes', now),
    makeAuthority('etcd-ca', now),
    makeAuthority('front-proxy-ca', now),
    makeSigningKey(),
  ])
  const authorities = { cluster, etcd, frontProxy, serviceAccount }
  await writeAuthorities(folder, authorities)
  return authorities
}

/** `undefined` when there is no such folder. @throws Conflict when it is there and not whole */
async function readAuthorities(folder: string): Promise<ClusterAuthorities | undefined> {
  const read = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8')
  try {
    return {
      cluster: { certificate: await read(FILES.cluster.certificate), key: await read(FILES.cluster.key) },
      etcd: { certificate: await read(FILES.etcd.certificate), key: await read(FILES.etcd.key) },
      frontProxy: { certificate: await read(FILES.frontProxy.certificate), key: await read(FILES.frontProxy.key) },
      serviceAccount: {
        privateKey: await read(FILES.serviceAccount.privateKey),
        publicKey: await read(FILES.serviceAccount.publicKey),
      },
    }
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
    // The folder appears as a whole, so one that lacks a file has lost it.
    if (!existsSync(folder)) return undefined
    throw new LabError({
      kind: 'Conflict',
      message: `the certificate authorities of the lab are not complete: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'Restore the file, or delete the lab and make it anew.',
    })
  }
}

/** Only while holding the lab's lock. Aside first, then renamed: the folder is there with all of its files, or not at all. */
async function writeAuthorities(folder: string, authorities: ClusterAuthorities): Promise<void> {
  // One name, for one at a time: keys that a killed process left do not stay.
  const draft = `${folder}.draft`
  await rm(draft, { recursive: true, force: true })
  try {
    await mkdir(path.join(draft, 'etcd'), { recursive: true, mode: 0o700 })
    for (const [name, files] of Object.entries(FILES)) {
      const pair: Record<string, string> = { ...authorities[name as keyof ClusterAuthorities] }
      for (const [part, file] of Object.entries(files))
        await writeFile(path.join(draft, file), pair[part] ?? '', { mode: 0o600, flush: true })
    }
    await rename(draft, folder)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}
