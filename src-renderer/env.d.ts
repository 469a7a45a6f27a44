/// <reference types="vite/client" />
import type { NodeLabBridge } from '@common/ipc/bridge.ts'

declare global {
  interface Window {
    /** Put there by Electron's preload, and by the in-memory bridge; absent in a browser. */
    nodeLab?: NodeLabBridge
  }
}
