/** A picture as a PNG, in the colours of a theme. */
import type { Picture } from '../../model/picture-scene.ts'
import { paintScene } from './paint-scene.ts'
import { readFonts, readPalette } from './read-palette.ts'

/** Browsers refuse larger canvases. */
export const LARGEST_CANVAS_PX = 16_000
const SHARPNESS = 2

/** @throws Error with the given words when the browser cannot paint it */
export async function toPng(picture: Picture, theme: 'light' | 'dark', refusal: string): Promise<Blob> {
  const { shapes, width, height } = picture
  const scale = Math.min(SHARPNESS, LARGEST_CANVAS_PX / height)
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error(refusal)
  const palette = readPalette(theme)
  context.scale(scale, scale)
  context.fillStyle = palette.surface
  context.fillRect(0, 0, width, height)
  paintScene(shapes, { context, palette, ...readFonts() })
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error(refusal)) : resolve(blob)), 'image/png')
  })
}
