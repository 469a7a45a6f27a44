/** Finds what belongs to the app and is not code: the sample shelf and the built renderer. */
import { join } from 'node:path'
import { findProductFolder } from '../../lab/images/product-folder.ts'

export interface AppFolders {
  /** Sample manifests of the shelf. */
  samples: string
  /** Definitions of experiments. */
  experiments: string
  /** Icons of the tray. */
  icons: string
  /** The built renderer; exists only after a build. */
  renderer: string
}

/** The same walk upwards works from the sources, from the build (`out/main`) and in a package. @throws Internal */
export function findAppFolders(start: string = import.meta.dirname): AppFolders {
  const product = findProductFolder(start)
  return {
    samples: join(product, 'resources', 'manifests'),
    experiments: join(product, 'resources', 'experiments'),
    icons: join(product, 'resources', 'icons'),
    renderer: join(product, 'out', 'renderer'),
  }
}
