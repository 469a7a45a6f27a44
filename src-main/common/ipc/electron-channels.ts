/** Names of Electron's own channels that carry the IPC contract between preload and main process. */
export const ELECTRON_CHANNELS = {
  /** invoke (name, parameters) → `IpcReply` */
  call: 'node-lab/call',
  /** invoke (stream id, name, parameters) → nothing; chunks follow */
  open: 'node-lab/open',
  /** send (stream id): the renderer wants no more */
  close: 'node-lab/close',
  /** send (stream id): the renderer has taken a chunk, the next may come */
  taken: 'node-lab/taken',
  /** main → renderer (stream id, chunk) */
  chunk: 'node-lab/chunk',
  /** main → renderer (stream id, error or nothing) */
  end: 'node-lab/end',
  /** main → renderer (event name, payload) */
  event: 'node-lab/event',
} as const
