/**
 * What a node has been told of the cluster, kept on the node beside what it was given: a node that was made anew has no
 * such record and is told again, and what a person has changed on a node since is left alone.
 */
import { createHash } from 'node:crypto'
import type { ClusterPlace } from './node-files.ts'

/** Grows when nodes need other files than before. */
const LAYOUT = 1

export interface Membership {
  layout: number
  /** Of the node itself; certificates are for it. */
  address: string
  controlPlane: { node: string; address: string }
  /** Which cluster: SHA-256 of its authority's certificate. */
  cluster: string
}

/** Where the record is, on the node. */
export const MEMBERSHIP_PATH = '/var/lib/node-lab/cluster.json'

export function computeMembership(place: ClusterPlace, address: string): Membership {
  const cluster = createHash('sha256').update(place.authorities.cluster.certificate).digest('hex')
  return { layout: LAYOUT, address, controlPlane: place.controlPlane, cluster }
}

/** The record's text → the record; `undefined` for whatever is none. */
export function parseMembership(text: string): Membership | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isMembership(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function isSameMembership(one: Membership, other: Membership): boolean {
  return formatMembership(one) === formatMembership(other)
}

export function formatMembership({ layout, address, controlPlane, cluster }: Membership): string {
  const { node, address: at } = controlPlane
  return `${JSON.stringify({ layout, address, controlPlane: { node, address: at }, cluster })}\n`
}

function isMembership(value: unknown): value is Membership {
  if (typeof value !== 'object' || value === null) return false
  const { layout, address, controlPlane, cluster } = value as Record<string, unknown>
  if (typeof layout !== 'number' || typeof address !== 'string' || typeof cluster !== 'string') return false
  if (typeof controlPlane !== 'object' || controlPlane === null) return false
  const { node, address: at } = controlPlane as Record<string, unknown>
  return typeof node === 'string' && typeof at === 'string'
}
