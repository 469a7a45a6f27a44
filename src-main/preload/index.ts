/** Preload of every window: runs sandboxed, and puts the bridge beside the page's own world. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { createBridge } from './create-bridge.ts'

const bridge = createBridge(ipcRenderer, (file) => {
  if (!(file instanceof File)) return null
  const path = webUtils.getPathForFile(file)
  return path === '' ? null : path
})

contextBridge.exposeInMainWorld('nodeLab', bridge)
