/** One open port of the node. */
export interface PortListener {
  /** @throws the system's error when the port cannot be had */
  open(): Promise<void>
  /** @param podIp where what arrives goes; empty: it is not known yet */
  serve(podIp: string): void
  /** Resolves when the port is free again and nothing that came through it goes on. */
  close(): Promise<void>
}
