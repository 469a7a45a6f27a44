/** The engine that tests use, and the product's own images in it. */

/** `DOCKER_HOST` when it is a unix socket, else the engine that Node Lab makes for itself. */
export function engineSocket(): string {
  const host = process.env['DOCKER_HOST'] ?? ''
  return host.startsWith('unix://') ? host.slice('unix://'.length) : '/run/node-lab/docker.sock'
}

/** Set by the global setup of the suites: JSON, name to reference. The engine may have images of other checkouts as well. */
export const PRODUCT_IMAGES_VARIABLE = 'NODE_LAB_TEST_IMAGES'

/** The product's own image of this name. @throws Error when nobody has seen to the images */
export function findProductImage(name: 'busybox' | 'pause'): string {
  const images = JSON.parse(process.env[PRODUCT_IMAGES_VARIABLE] ?? '{}') as Partial<Record<string, string>>
  const reference = images[name]
  if (reference === undefined) throw new Error(`${PRODUCT_IMAGES_VARIABLE} does not name the ${name} image`)
  return reference
}
