/// <reference types="vite/client" />
import type { NodeLabBridge } from '@common/ipc/bridge.ts'

declare global {
  interface Window {
    /** Put there by Electron's preload; absent in a browser. */
    readonly nodeLab?: NodeLabBridge
  }
}
