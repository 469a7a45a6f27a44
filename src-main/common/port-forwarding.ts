/**
 * What the runtime service and the node's port forwarder say to each other: one JSON line each way, on the forwarder's
 * standard input and output. Each request is the whole of what is wanted; what is not in it is closed.
 */

/** One host port (facts 2.18.5). */
export interface HostPort {
  protocol: 'TCP' | 'UDP'
  /** Address of the node to listen on: all of IPv4's are `0.0.0.0`. */
  hostIp: string
  hostPort: number
  containerPort: number
}

/** The host ports of one pod sandbox. */
export interface ForwardedPod {
  /** Tells sandboxes apart; the same from before a sandbox is made until it is gone. */
  key: string
  /** Empty: the sandbox is being made. Its ports are held, and whoever connects waits. */
  podIp: string
  ports: HostPort[]
}

export interface ForwardingRequest {
  serial: number
  pods: ForwardedPod[]
}

/** A port that could not be opened. */
export interface ForwardingFault {
  key: string
  port: HostPort
  /** The system's, such as `EADDRINUSE`. */
  code: string
}

export interface ForwardingAnswer {
  serial: number
  faults: ForwardingFault[]
}

/** `8080/TCP`, or with an address of the node `127.0.0.1:8080/TCP`. */
export function hostPortName({ protocol, hostIp, hostPort }: HostPort): string {
  const address = hostIp.includes(':') ? `[${hostIp}]` : hostIp
  return `${hostIp === ALL_ADDRESSES ? '' : `${address}:`}${hostPort}/${protocol}`
}

export const ALL_ADDRESSES = '0.0.0.0'
