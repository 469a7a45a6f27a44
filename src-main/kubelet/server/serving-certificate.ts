/**
 * The certificate that the kubelet serves with: the configured pair, or `kubelet.crt` and `kubelet.key`, self-signed at the
 * first start as upstream's (cmd/kubelet/app/server.go, InitializeTLS).
 */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../../base/logger.ts'
import { makeSelfSignedPair } from '../../base/self-signed-pair.ts'
import { KubeletExit } from '../options/kubelet-options.ts'

export interface ServingPair {
  /** PEM. */
  cert: Buffer
  /** PEM. */
  key: Buffer
}

export interface ServingCertificateOptions {
  /** Both empty: a pair in `directory`. */
  certFile: string
  keyFile: string
  directory: string
  nodeName: string
  nowMs: number
  logger: Logger
}

/** @throws KubeletExit when there is no pair to be had */
export async function loadServingPair(options: ServingCertificateOptions): Promise<ServingPair> {
  let { certFile, keyFile } = options
  if (certFile === '' && keyFile === '') {
    certFile = join(options.directory, 'kubelet.crt')
    keyFile = join(options.directory, 'kubelet.key')
    await ensureSelfSigned({ certFile, keyFile }, options)
  }
  try {
    return { cert: await readFile(certFile), key: await readFile(keyFile) }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    throw new KubeletExit(1, `failed to run Kubelet: unable to load the serving certificate: ${text}`)
  }
}

async function ensureSelfSigned(
  { certFile, keyFile }: { certFile: string; keyFile: string },
  { directory, nodeName, nowMs, logger }: ServingCertificateOptions,
): Promise<void> {
  const present = [certFile, keyFile].filter((path) => existsSync(path))
  if (present.length === 1)
    throw new KubeletExit(
      1,
      `failed to run Kubelet: ${present[0]} is there without the other half: certificate and key must be supplied as a pair`,
    )
  if (present.length === 0) {
    const draft = { cert: `${certFile}.draft`, key: `${keyFile}.draft` }
    try {
      await mkdir(directory, { recursive: true })
      const commonName = `${nodeName}@${Math.floor(nowMs / 1000)}`
      await makeSelfSignedPair(draft, { commonName, names: [nodeName] })
      await rename(draft.key, keyFile)
      await rename(draft.cert, certFile)
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      throw new KubeletExit(1, `failed to run Kubelet: unable to generate self signed cert: ${text}`)
    } finally {
      for (const path of Object.values(draft)) await rm(path, { force: true })
    }
  }
  logger.info('Using self-signed cert', { TLSCertFile: certFile, TLSPrivateKeyFile: keyFile })
}
