/** The menu bar: Electron's standard roles, which come translated and with each system's own keys. */
import { Menu, type MenuItemConstructorOptions } from 'electron'

export function installMenu(platform: NodeJS.Platform): void {
  const ofMac: MenuItemConstructorOptions[] = platform === 'darwin' ? [{ role: 'appMenu' }] : []
  const template: MenuItemConstructorOptions[] = [
    ...ofMac,
    { role: 'fileMenu' },
    { role: 'editMenu' },
    { role: 'viewMenu' },
    { role: 'windowMenu' },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
