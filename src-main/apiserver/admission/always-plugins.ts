/** AlwaysAdmit and AlwaysDeny: for those who want to see what a plugin does (plugin/pkg/admission/{admit,deny}). */
import { forbidden } from '../../kube/status-error.ts'
import type { AdmissionPlugin } from './admission-plugin.ts'

export const ALWAYS_ADMIT_PLUGIN: AdmissionPlugin = { name: 'AlwaysAdmit' }

export const ALWAYS_DENY_PLUGIN: AdmissionPlugin = {
  name: 'AlwaysDeny',
  validate: ({ resource, name }) =>
    Promise.reject(forbidden(resource, name, 'admission control is denying all modifications')),
}
