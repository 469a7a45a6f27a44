/** Finds what belongs to the product and is not code: `resources/` and the built renderer. The one place that knows where they lie. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { LabError } from '../../common/lab-error.ts'

export interface AppFolders {
  /** Sample manifests of the shelf. */
  samples: string
  icons: string
  /** The built renderer; exists only after a build. */
  renderer: string
}

/**
 * Folders of the application around `start`: the nearest folder upwards that holds `resources/manifests`. The same walk
 * works for the sources (`src-main/…`), for the build (`out/main`) and for a package, which keeps both side by side.
 * @throws LabError Internal when there is none
 */
export function findAppFolders(start: string = import.meta.dirname): AppFolders {
  for (let folder = start; ; folder = dirname(folder)) {
    const samples = join(folder, 'resources', 'manifests')
    if (existsSync(samples)) {
      return { samples, icons: join(folder, 'resources', 'icons'), renderer: join(folder, 'out', 'renderer') }
    }
    if (dirname(folder) === folder) {
      throw new LabError({
        kind: 'Internal',
        message: `The application's resources were not found above ${start}.`,
        remedy: 'Install Node Lab again, or clone its repository again.',
      })
    }
  }
}
