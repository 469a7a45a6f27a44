/** `26.1.5+dfsg1` → `26.1.5`: what a distribution adds says nothing to most people. */
export function plainVersion(version = ''): string {
  return version.split('+', 1)[0] ?? version
}
