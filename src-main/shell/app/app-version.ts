import packageJson from '../../../package.json' with { type: 'json' }

/** Version of Node Lab, from package.json. */
export function appVersion(): string {
  return packageJson.version
}
