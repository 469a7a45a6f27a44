/**
 * The SSH keys of a lab on this machine: `labs/<lab>/ssh`, for the user only. One pair that every node of the lab logs in
 * with, and one that every node of the lab shows as its own: whoever is root on one node is root on the others, as with the
 * one key that administrators have, and a node that is added is known to the rest without being introduced.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { readTextIfThere } from '../store/read-if-there.ts'
import { writeAtomically } from '../store/write-atomically.ts'

export interface LabKeys {
  /** What nodes log in with, Ed25519. */
  client: KeyObject
  /** What nodes are known by, Ed25519. */
  host: KeyObject
}

/** Those of the folder; what is missing or no such key is made. Only while holding the lab's lock. */
export async function ensureLabKeys(folder: string): Promise<LabKeys> {
  return {
    client: await ensureKey(folder, 'client.pem'),
    host: await ensureKey(folder, 'host.pem'),
  }
}

async function ensureKey(folder: string, name: string): Promise<KeyObject> {
  const file = path.join(folder, name)
  const present = await readKey(file)
  if (present !== undefined) return present
  const { privateKey } = generateKeyPairSync('ed25519')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeAtomically(file, formatPrivateKey(privateKey), 0o600)
  return privateKey
}

/** `undefined` for a file that is not there or holds no Ed25519 key: nothing depends on an old one. */
async function readKey(file: string): Promise<KeyObject | undefined> {
  const text = await readTextIfThere(file)
  if (text === undefined) return undefined
  try {
    const key = createPrivateKey(text)
    return key.asymmetricKeyType === 'ed25519' ? key : undefined
  } catch {
    return undefined
  }
}

/** PKCS #8, which OpenSSH reads (9.6 and newer). */
export function formatPrivateKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** As in `authorized_keys`: type and base64 of the key (RFC 8709). */
export function formatPublicKey(key: KeyObject): string {
  return `ssh-ed25519 ${Buffer.concat([sshString(TYPE), sshString(publicBytes(key))]).toString('base64')}`
}

/** As Dropbear keeps its host key: type, then private and public part in one. */
export function formatDropbearKey(key: KeyObject): Buffer {
  return Buffer.concat([sshString(TYPE), sshString(Buffer.concat([privateBytes(key), publicBytes(key)]))])
}

const TYPE = Buffer.from('ssh-ed25519')

function publicBytes(key: KeyObject): Buffer {
  return Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url')
}

function privateBytes(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url')
}

/** Length in four bytes, then the bytes (RFC 4251). */
function sshString(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
