/** Where Node Lab keeps its labs on this machine (design §4), and where everything lies in there. */
import { constants, existsSync } from 'node:fs'
import { access, mkdir, realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { LabError } from '../../common/lab-error.ts'
import { hasCode } from './error-code.ts'

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

/**
 * Makes the home if need be; answers its one true path, so that two spellings are not two homes.
 * @throws Forbidden when it cannot be made, or cannot be written to
 */
export async function prepareHome(home: string): Promise<string> {
  try {
    await makeFolder(home)
    await access(home, constants.W_OK | constants.X_OK)
    return await realpath(home)
  } catch (error) {
    throw new LabError(
      {
        kind: 'Forbidden',
        message: `Node Lab cannot keep its labs in ${home}: ${error instanceof Error ? error.message : String(error)}`,
        remedy: 'Set NODE_LAB_HOME to a folder of your own; one that root has made can be given to you with chown -R.',
      },
      { cause: error },
    )
  }
}

/**
 * Folder by folder. Node's own way (`recursive`) never ends where a parent is there and the system still says that it is not, as
 * under `/proc`.
 */
async function makeFolder(folder: string): Promise<void> {
  const parent = path.dirname(folder)
  if (parent !== folder && !existsSync(parent)) await makeFolder(parent)
  await mkdir(folder).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error
  })
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

  /** The app's settings; the user may edit it. */
  get settingsFile(): string {
    return path.join(this.home, 'settings.json')
  }

  /** What the window and the browser bridge have logged. */
  get appLog(): string {
    return path.join(this.home, 'app', 'app.log')
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

  /** Manifests that were put aside for a while: beside the folder that the node sees, not in it. */
  manifestsAside(lab: string, node: string): string {
    return path.join(this.nodeFolder(lab, node), 'stopped')
  }

  /** Files that an import brought for the node's disk: there until the disk is made. Below it, paths are as on the node. */
  settings(lab: string, node: string): string {
    return path.join(this.nodeFolder(lab, node), 'settings')
  }

  /** Whether the node's volume was made once: written after it was filled. */
  volumeRecord(lab: string, node: string): string {
    return path.join(this.nodeFolder(lab, node), 'volume-made')
  }

  /** A rename has removed the node's containers: they are missing by intent until its next start. */
  containersAwayRecord(lab: string, node: string): string {
    return path.join(this.nodeFolder(lab, node), 'containers-away')
  }

  /** A lab that is being imported; no lab can have this name. */
  importDraft(lab: string): string {
    return path.join(this.labs, `.importing.${lab}`)
  }

  /** What a rename that is under way is about; it moves with the folder. */
  renameRecord(lab: string): string {
    return path.join(this.labFolder(lab), 'rename.json')
  }

  /** Versions of manifests that were seen. */
  history(lab: string): string {
    return path.join(this.labFolder(lab), 'history')
  }

  /** Certificate authorities, once there is a control plane. */
  pki(lab: string): string {
    return path.join(this.labFolder(lab), 'pki')
  }

  /** Keys with which the lab's nodes log in to one another; no part of an export. */
  ssh(lab: string): string {
    return path.join(this.labFolder(lab), 'ssh')
  }

  /** For the user's own kubectl, once there is a control plane. */
  kubeconfig(lab: string): string {
    return path.join(this.labFolder(lab), 'kubeconfig')
  }

  /** Results of experiments, and what one that runs has changed. */
  experiments(lab: string): string {
    return path.join(this.labFolder(lab), 'experiments')
  }

  /** What people did to the lab; no part of it is seen by a node. */
  journal(lab: string): string {
    return path.join(this.labFolder(lab), 'journal')
  }

  actions(lab: string): string {
    return path.join(this.journal(lab), 'actions.jsonl')
  }

  /** The half before, once the other has grown. */
  olderActions(lab: string): string {
    return path.join(this.journal(lab), 'actions.1.jsonl')
  }

  experimentLock(lab: string): string {
    return path.join(this.home, 'locks', `${lab}.experiment.lock`)
  }

  journalLock(lab: string): string {
    return path.join(this.home, 'locks', `${lab}.journal.lock`)
  }

  /** No lab can have this name. */
  get settingsLock(): string {
    return path.join(this.home, 'locks', '.settings.lock')
  }

  /** Outside the lab's folder, which goes while the lock is held. */
  lockFile(lab: string): string {
    return path.join(this.home, 'locks', `${lab}.lock`)
  }
}
