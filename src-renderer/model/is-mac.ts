/** Whether this machine's modifier for shortcuts is Cmd. */
export function isMac(): boolean {
  return /^Mac|^iP/.test(navigator.platform)
}
