/** The keys of service account tokens: which algorithm each takes, and how tokens name it (pkg/serviceaccount/jwt.go). */
import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

export interface VerificationKey {
  /** The token's `kid`: the hash of the public key. */
  id: string
  algorithm: string
  key: KeyObject
}

export interface SigningKey extends VerificationKey {
  /** `key` is the public part. */
  privateKey: KeyObject
}

const KEY_BLOCK = /-----BEGIN ([A-Z ]+)-----.*?-----END \1-----/gs

/** Of `--service-account-key-file`: public keys, or the public parts of private ones. @throws Error when there is none */
export function parseVerificationKeys(pem: string): VerificationKey[] {
  const blocks = [...pem.matchAll(KEY_BLOCK)].filter(([, label = '']) => label !== 'EC PARAMETERS')
  if (blocks.length === 0) throw new Error('data does not contain any valid RSA or ECDSA public keys')
  return blocks.map(([block]) => toVerificationKey(createPublicKey(block)))
}

/** Of `--service-account-signing-key-file`. @throws Error */
export function parseSigningKey(pem: string): SigningKey {
  const privateKey = createPrivateKey(pem)
  return { ...toVerificationKey(createPublicKey(privateKey)), privateKey }
}

function toVerificationKey(key: KeyObject): VerificationKey {
  const id = createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64url')
  return { id, algorithm: algorithmOf(key), key }
}

function algorithmOf(key: KeyObject): string {
  const curve = key.asymmetricKeyDetails?.namedCurve
  if (key.asymmetricKeyType === 'rsa') return 'RS256'
  const algorithm = key.asymmetricKeyType === 'ec' ? EC_ALGORITHMS[curve ?? ''] : undefined
  if (algorithm === undefined) throw new Error('unknown private key type, must be RSA or ECDSA')
  return algorithm
}

const EC_ALGORITHMS: Readonly<Record<string, string>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' }
