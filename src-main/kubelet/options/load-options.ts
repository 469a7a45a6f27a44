/** From the command line and the configuration file to `KubeletOptions`. */
import type { KubeletOptions } from './kubelet-options.ts'

export interface OptionsSource {
  /** Reads a file as UTF-8; throws Node's error with its `code`. */
  readFile(path: string): string
  hostname(): string
}

/**
 * Reads flags and the `--config` file; a flag wins over the file's field (facts 1.1.2).
 * @param argv arguments without the program
 * @throws KubeletExit for `--version`, `--help`, unknown flags, bad values, an unreadable or wrong file
 */
export declare function loadKubeletOptions(argv: readonly string[], source: OptionsSource): KubeletOptions
