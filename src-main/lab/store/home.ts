/** Where Node Lab keeps its labs on this machine (design §4), and where everything lies in there. */
import { mkdir, realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'

/**
 * `NODE_LAB_HOME`, or the platform's data folder for "node-lab"; absolute, not made by this. An empty variable counts
 * as none, and a relative `XDG_DATA_HOME` is passed over, as the XDG specification asks for.
 */
export function nodeLabHome(
  environment: Record<string, string | undefined>,
  platform: NodeJS.Platform = process.platform,
  userHome: string = homedir(),
): string {
  const own = environment['NODE_LAB_HOME'] ?? ''
  if (own !== '') return path.resolve(own)
  switch (platform) {
    case 'darwin':
      return path.join(userHome, 'Library', 'Application Support', 'node-lab')
    case 'win32':
      return path.join(environment['APPDATA'] || path.join(userHome, 'AppData', 'Roaming'), 'node-lab')
    default: {
      const data = environment['XDG_DATA_HOME'] ?? ''
      return path.join(path.isAbsolute(data) ? data : path.join(userHome, '.local', 'share'), 'node-lab')
    }
  }
}

/** Makes the home if need be; answers its one true path, so that two spellings are not two homes. */
export async function prepareHome(home: string): Promise<string> {
  await mkdir(home, { recursive: true })
  return realpath(home)
}

/** The paths of a home. Lab and node names are validated by whoever takes them from outside. */
export class HomeLayout {
  readonly home: string

  constructor(home: string) {
    this.home = home
  }

  get labs(): string {
    return path.join(this.home, 'labs')
  }

  labFolder(lab: string): string {
    return path.join(this.labs, lab)
  }

  labFile(lab: string): string {
    return path.join(this.labFolder(lab), 'lab.yaml')
  }

  nodeFolder(lab: string, node: string): string {
    return path.join(this.labFolder(lab), 'nodes', node)
  }

  manifests(lab: string, node: string): string {
    return path.join(this.nodeFolder(lab, node), 'manifests')
  }

  /** Outside the lab's folder, which goes while the lock is held. */
  lockFile(lab: string): string {
    return path.join(this.home, 'locks', `${lab}.lock`)
  }
}
