/**
 * Detached signatures of bundles (Ed25519): over a line with the bundle's checksum, so that `openssl` can make and check them
 * without reading the whole bundle into memory.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { LabError } from '../../../common/lab-error.ts'
import { hasCode } from '../../store/error-code.ts'

/** What is signed. @param sha256 of the bundle, in hexadecimal digits */
function computeStatement(sha256: string): Buffer {
  return Buffer.from(`node-lab images bundle sha256 ${sha256}\n`)
}

/** Two PEM texts: a private key to be kept, and the public one to be handed out. */
export function makeKeyPair(): { privateKey: string; publicKey: string } {
  return generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
}

/** First digits of the checksum of a public key, by which people compare keys. */
export function computeKeyName(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16)
}

/** Content of the file beside the bundle. */
export function signBundle(sha256: string, privateKey: KeyObject): string {
  return `ed25519 ${computeKeyName(privateKey)} ${sign(null, computeStatement(sha256), privateKey).toString('base64')}\n`
}

/** @returns name of the key that it is signed with, one of `trusted`. @throws Forbidden */
export function verifySignature(text: string, sha256: string, trusted: readonly KeyObject[]): string {
  const [, keyName, signature] = /^ed25519 ([0-9a-f]{16}) ([A-Za-z0-9+/]{86}==)\n?$/.exec(text) ?? []
  if (keyName === undefined || signature === undefined)
    throw new LabError({ kind: 'Forbidden', message: "the bundle's signature has a wrong form" })
  const key = trusted.find((candidate) => computeKeyName(candidate) === keyName)
  if (key === undefined)
    throw new LabError({
      kind: 'Forbidden',
      message: `the bundle is signed with the key ${keyName}, which is none of those that you trust (${trusted.map(computeKeyName).join(', ')})`,
    })
  if (!verify(null, computeStatement(sha256), key, Buffer.from(signature, 'base64')))
    throw new LabError({
      kind: 'Forbidden',
      message: `the signature with the key ${keyName} is not one of this bundle: one of the two was changed`,
    })
  return keyName
}

/** @throws NotFound, BadRequest when it is no Ed25519 key */
export async function readKey(path: string, type: 'private' | 'public'): Promise<KeyObject> {
  const text = await readFile(path).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) throw new LabError({ kind: 'NotFound', message: `there is no file ${path}` })
    throw error
  })
  let key: KeyObject
  try {
    key = type === 'private' ? createPrivateKey(text) : createPublicKey(text)
  } catch (error) {
    throw new LabError(
      {
        kind: 'BadRequest',
        message: `${path} is no ${type} key in PEM`,
        remedy: '`node-lab images keygen FILE` makes a pair.',
      },
      { cause: error },
    )
  }
  if (key.asymmetricKeyType === 'ed25519') return key
  throw new LabError({
    kind: 'BadRequest',
    message: `${path} is a key of the type ${key.asymmetricKeyType}, not ed25519`,
  })
}
