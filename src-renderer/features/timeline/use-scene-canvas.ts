/** Keeps a canvas painted: in the next frame after a change, at the screen's own resolution, in the colours of the theme. */
import { useMutationObserver } from '@vueuse/core'
import { onScopeDispose, watch, type Ref } from 'vue'
import type { Palette, Shape } from '../../model/scene.ts'
import { paintScene } from './paint-scene.ts'
import { readFonts, readPalette } from './read-palette.ts'

export interface SceneCanvasOptions {
  canvas: Readonly<Ref<HTMLCanvasElement | null>>
  /** CSS pixels. */
  width: Readonly<Ref<number>>
  height: Readonly<Ref<number>>
  pixelRatio: Readonly<Ref<number>>
  scene(): Shape[]
}

/** Answers what has to be called when the scene has changed; it may be called as often as one likes. */
export function useSceneCanvas({ canvas, width, height, pixelRatio, scene }: SceneCanvasOptions): () => void {
  let frame: number | undefined
  let palette: Palette | undefined

  function paint(): void {
    frame = undefined
    const element = canvas.value
    const context = element?.getContext('2d', { alpha: false })
    if (element === null || context === null || context === undefined) return
    const pixelWidth = Math.max(1, Math.round(width.value * pixelRatio.value))
    const pixelHeight = Math.max(1, Math.round(height.value * pixelRatio.value))
    if (element.width !== pixelWidth) element.width = pixelWidth
    if (element.height !== pixelHeight) element.height = pixelHeight
    palette ??= readPalette()
    context.setTransform(pixelRatio.value, 0, 0, pixelRatio.value, 0, 0)
    context.fillStyle = palette.surface
    context.fillRect(0, 0, width.value, height.value)
    paintScene(scene(), { context, palette, ...fonts })
  }

  const fonts = readFonts()
  const schedule = (): void => void (frame ??= requestAnimationFrame(paint))

  useMutationObserver(
    document.documentElement,
    () => {
      palette = undefined
      schedule()
    },
    { attributes: true, attributeFilter: ['data-theme', 'class', 'style'] },
  )
  watch([canvas, width, height, pixelRatio], schedule, { immediate: true, flush: 'post' })
  onScopeDispose(() => {
    if (frame !== undefined) cancelAnimationFrame(frame)
  })
  return schedule
}
