/** What labs and tasks say of themselves; what is told to do is what the window offers. */
import { LAB_TEXTS } from '@common/lab/lab-texts.ts'

export const labTexts = {
  labTexts: {
    ...LAB_TEXTS,
    'without-power': 'it has lost its power, or its container ended by itself; “Start the node…” in its menu starts it',
    'container-broken': 'its container is paused or broken; stopping and starting the lab mends it',
    'runtime-service-off': 'its runtime service does not run; stopping and starting the lab mends it',
  } satisfies Record<keyof typeof LAB_TEXTS, string>,
}
