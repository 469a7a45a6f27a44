/** Makes sure that a container's image is there before the container is made (facts 2.10). */
import { Backoff } from '../../base/backoff.ts'
import type { Clock } from '../../base/clock.ts'
import { formatGoDuration } from '../../base/go-duration.ts'
import type { Container, ImagePullPolicy, Pod } from '../../common/api/core.ts'
import { applyDefaultImageTag } from '../../common/api/image-reference.ts'
import { CriError } from '../../container-runtime/cri.ts'
import type { CriImage, ImageService } from '../../container-runtime/cri.ts'
import { podReference, podUid } from '../pod-identity.ts'
import { rpcDescription } from '../runtime/describe-error.ts'
import { ContainerStartError } from '../runtime/container-start-error.ts'
import type { TimelineDraft, TimelineRecorder } from '../timeline/timeline.ts'
import { PullQueue, type ImagePullLimits } from './pull-queue.ts'

const INITIAL_MS = 10_000
const MAX_MS = 300_000
/**
 * How long a failed pull is shown before the next look finds it in back-off. Upstream looks again when the generator
 * reports the new sandbox, about a second later, and then every 10 to 15 s.
 */
const ERROR_SHOWN_MS = 1000
/** Pods that come together mostly have the same image: what was found of it is good for all of them. */
const LOOK_AGE_MS = 1000

/** A look for an image that is under way. */
export interface ImageLook {
  readonly found: Promise<CriImage | undefined>
}

export interface ImageManagerOptions {
  images: ImageService
  timeline: TimelineRecorder
  clock: Clock
  pulls: ImagePullLimits
  /** The gate `KubeletEnsureSecretPulledImages`: of an image that is there it is said that the pod may use it (facts 2.10.2). */
  namesAccess: boolean
}

export class ImageManager {
  readonly #images: ImageService
  readonly #timeline: TimelineRecorder
  readonly #clock: Clock
  readonly #backoff: Backoff
  /** The last pull error per back-off key, for the waiting message of `ImagePullBackOff` (facts 2.10.3). */
  readonly #lastErrors = new Map<string, string>()
  readonly #pulls: PullQueue
  readonly #presentMessage: string
  /** The newest look ahead for each image, and when it began. */
  readonly #looks = new Map<string, ImageLook & { beganMs: number }>()

  constructor(options: ImageManagerOptions) {
    this.#pulls = new PullQueue(options.pulls, options.clock)
    this.#presentMessage = options.namesAccess
      ? 'already present on machine and can be accessed by the pod'
      : 'already present on machine'
    this.#images = options.images
    this.#timeline = options.timeline
    this.#clock = options.clock
    this.#backoff = new Backoff({
      clock: options.clock,
      initialMs: INITIAL_MS,
      maxMs: MAX_MS,
      resetAfterMs: 2 * MAX_MS,
    })
  }

  /**
   * Begins to look for the image while something else takes its time, for `ensureImage`. Only an image that is found counts:
   * one that is not there yet, or cannot be asked for, is looked for again when its turn comes.
   */
  lookAhead(container: Container): ImageLook {
    const written = container.image ?? ''
    const tagged = applyDefaultImageTag(written)
    if (!tagged.ok) return { found: Promise.resolve(undefined) }
    const key = `${tagged.image} ${written}`
    const newest = this.#looks.get(key)
    const nowMs = this.#clock.now()
    if (newest !== undefined && nowMs - newest.beganMs < LOOK_AGE_MS) return newest
    const found = this.#images.imageStatus({ image: tagged.image, userSpecifiedImage: written })
    const look = { found: found.catch(() => undefined), beganMs: nowMs }
    this.#looks.set(key, look)
    return look
  }

  /**
   * Answers the image that the container's name stands for.
   * @param look what `lookAhead` began a moment ago
   * @throws ContainerStartError `InvalidImageName`, `ImageInspectError`, `ErrImageNeverPull`, `ErrImagePull`, `ImagePullBackOff`
   */
  async ensureImage(pod: Pod, container: Container, look?: ImageLook): Promise<CriImage> {
    const written = container.image ?? ''
    const tagged = applyDefaultImageTag(written)
    if (!tagged.ok) {
      const message = `Failed to apply default image tag ${JSON.stringify(written)}: ${tagged.message}`
      this.#record(pod, container, 'Warning', 'InspectFailed', message)
      throw new ContainerStartError('InvalidImageName', message)
    }
    const name = tagged.image
    const present = await this.#inspect(pod, container, name, look)
    const policy = pullPolicy(container, name)
    if (present !== undefined && policy !== 'Always') {
      this.#record(
        pod,
        container,
        'Normal',
        'Pulled',
        `Container image ${JSON.stringify(written)} ${this.#presentMessage}`,
      )
      return present
    }
    if (present === undefined && policy === 'Never') {
      const message = `Container image ${JSON.stringify(written)} is not present with pull policy of Never`
      this.#record(pod, container, 'Warning', 'ErrImageNeverPull', message)
      throw new ContainerStartError('ErrImageNeverPull', message)
    }
    return this.#pull(pod, container, name)
  }

  collectGarbage(): void {
    this.#backoff.collectGarbage()
    const nowMs = this.#clock.now()
    for (const [key, { beganMs }] of this.#looks) if (nowMs - beganMs >= LOOK_AGE_MS) this.#looks.delete(key)
    for (const key of this.#lastErrors.keys()) if (this.#backoff.delayOf(key) === 0) this.#lastErrors.delete(key)
  }

  async #inspect(
    pod: Pod,
    container: Container,
    name: string,
    look: ImageLook | undefined,
  ): Promise<CriImage | undefined> {
    try {
      const seen = await look?.found
      if (seen !== undefined) return seen
      return await this.#images.imageStatus({ image: name, userSpecifiedImage: container.image ?? '' })
    } catch (error) {
      const message = `Failed to inspect image ${JSON.stringify(name)}: ${rpcDescription(error)}`
      this.#record(pod, container, 'Warning', 'InspectFailed', message)
      throw new ContainerStartError('ImageInspectError', message, { cause: error })
    }
  }

  async #pull(pod: Pod, container: Container, name: string): Promise<CriImage> {
    const written = container.image ?? ''
    const key = `${podUid(pod)}_${name}`
    const untilMs = this.#backoff.waitsUntilSinceUpdate(key)
    if (untilMs !== undefined) {
      const message = `Back-off pulling image ${JSON.stringify(written)}`
      this.#record(pod, container, 'Normal', 'BackOff', message, {
        delaySeconds: this.#backoff.delayOf(key) / 1000,
        until: new Date(untilMs).toISOString(),
      })
      const cause = this.#lastErrors.get(key)
      throw new ContainerStartError(
        'ImagePullBackOff',
        cause === undefined ? message : `${message}: ErrImagePull: ${cause}`,
        { retryAtMs: untilMs },
      )
    }
    this.#record(pod, container, 'Normal', 'Pulling', `Pulling image ${JSON.stringify(written)}`)
    const askedMs = this.#clock.now()
    try {
      const { image, startedMs } = await this.#inTurn(name, written)
      const tookMs = this.#clock.now() - startedMs
      const withWaitingMs = this.#clock.now() - askedMs
      this.#backoff.forget(key)
      this.#lastErrors.delete(key)
      this.#record(
        pod,
        container,
        'Normal',
        'Pulled',
        `Successfully pulled image ${JSON.stringify(written)} in ${formatGoDuration(tookMs)} (${formatGoDuration(withWaitingMs)} including waiting). Image size: ${image.size} bytes.`,
      )
      return image
    } catch (error) {
      const cause = rpcDescription(error)
      this.#backoff.next(key, this.#clock.now())
      this.#lastErrors.set(key, cause)
      this.#record(pod, container, 'Warning', 'Failed', `Failed to pull image ${JSON.stringify(written)}: ${cause}`)
      throw new ContainerStartError('ErrImagePull', cause, {
        cause: error,
        retryAtMs: this.#clock.now() + ERROR_SHOWN_MS,
      })
    }
  }

  /** The pull itself, when its turn has come. */
  async #inTurn(name: string, userSpecifiedImage: string): Promise<{ image: CriImage; startedMs: number }> {
    return this.#pulls.run(async () => {
      const startedMs = this.#clock.now()
      await this.#images.pullImage({ image: name, userSpecifiedImage })
      const image = await this.#images.imageStatus({ image: name, userSpecifiedImage })
      if (image === undefined) throw new CriError('NotFound', `image ${name} is not there after its pull`)
      return { image, startedMs }
    })
  }

  #record(
    pod: Pod,
    container: Container,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    details: NonNullable<TimelineDraft['details']> = {},
  ): void {
    this.#timeline.record({
      subject: 'image',
      pod: podReference(pod),
      container: container.name,
      type,
      reason,
      message,
      details: { image: container.image ?? '', ...details },
    })
  }
}

/** Filled in by defaulting; this is the same rule for a pod that did not pass it (facts 2.10.1). */
function pullPolicy(container: Container, taggedName: string): ImagePullPolicy {
  return container.imagePullPolicy ?? (taggedName.endsWith(':latest') ? 'Always' : 'IfNotPresent')
}
