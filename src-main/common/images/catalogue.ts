/**
 * The image catalogue: which names in manifests are answered by the images that Node Lab brings along (design §9).
 * Passed to the runtime service as data; shown in the app as a badge at the container.
 */
export interface CatalogueImage {
  /** Engine reference, such as `node-lab.invalid/nginx:1.26.3`. */
  reference: string
  /** What is really inside, for the badge: `nginx 1.26.3 (Debian)`. */
  title: string
  /** Repositories, without tag, that it answers to: `nginx`, `docker.io/library/nginx`, `redis`. Short names are normalised. */
  repositories: string[]
  /** Regular expression (anchored by the resolver) of the tags it answers to; a missing tag counts as `latest`. */
  tagPattern: string
  /**
   * Names with tags under which nodes list it from the beginning: `docker.io/library/nginx:latest`. One without any is listed
   * while containers use it, under the names that they use.
   */
  listedNames: string[]
}

export interface ImageCatalogue {
  /** `false`: the catalogue is switched off and every name goes to the engine as it is. */
  enabled: boolean
  images: CatalogueImage[]
}
