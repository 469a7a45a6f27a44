/** The IPC contract over a WebSocket: what the browser bridge's server and its client in the renderer say to each other, one JSON text per frame. */
import type { LabErrorData } from '../lab-error.ts'

/** Path of the WebSocket on the bridge's own origin. */
export const BRIDGE_PATH = '/bridge'
/** Subprotocol that both sides speak; the server selects it. */
export const BRIDGE_PROTOCOL = 'node-lab.v1'
/** A second offered subprotocol carries the token, since a browser cannot set headers: `node-lab.token.<token>`. */
export const BRIDGE_TOKEN_PROTOCOL_PREFIX = 'node-lab.token.'
/** The token's place in the page's URL: `http://127.0.0.1:7474/#token=<token>`; a fragment never leaves the browser. */
export const BRIDGE_TOKEN_PARAMETER = 'token'
/** Beside the token: the page to open, as `/lab/default/timeline`, which is the path of a link into the app. */
export const BRIDGE_PAGE_PARAMETER = 'open'
/** Larger frames end the connection; a manifest of the greatest accepted size fits, even if JSON escapes all of its characters. */
export const MAXIMUM_FRAME_BYTES = 24 * 1024 * 1024

/** Ids are chosen by the client: integers from 0, not used twice on one connection while they are open. */
export type ClientFrame =
  | { id: number; type: 'call'; name: string; parameters: unknown }
  | { id: number; type: 'open'; name: string; parameters: unknown }
  /** Closes the stream of that id; the server sends nothing more for it. */
  | { id: number; type: 'close' }

export type ServerFrame =
  | { id: number; type: 'reply'; ok: true; result: unknown }
  | { id: number; type: 'reply'; ok: false; error: LabErrorData }
  | { type: 'event'; name: string; payload: unknown }
  | { id: number; type: 'chunk'; chunk: unknown }
  /** The stream has ended by itself; `error` is absent at a normal end. */
  | { id: number; type: 'end'; error?: LabErrorData }
