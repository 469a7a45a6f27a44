/**
 * Schema of `core/v1` Volume (Kubernetes 1.35). Sources that a static pod may not use, and in-line sources of storage
 * systems that a lab has not, are opaque: they are refused, or refused to mount, by their name alone.
 */
import { OBJECT_FIELD_SELECTOR, RESOURCE_FIELD_SELECTOR } from './container-schema.ts'
import {
  array,
  BOOLEAN,
  INT32,
  INT64,
  object,
  oneOf,
  OPAQUE,
  pointer,
  QUANTITY,
  required,
  STRING,
} from './field-schema.ts'
import { LABEL_SELECTOR } from './label-selector-schema.ts'

const KEY_TO_PATH = object('KeyToPath', { key: required(STRING), path: required(STRING), mode: pointer(INT32) })

const DOWNWARD_API_ITEMS = array(
  object('DownwardAPIVolumeFile', {
    path: required(STRING),
    fieldRef: OBJECT_FIELD_SELECTOR,
    resourceFieldRef: RESOURCE_FIELD_SELECTOR,
    mode: pointer(INT32),
  }),
)

const PROJECTION = object('VolumeProjection', {
  downwardAPI: object('DownwardAPIProjection', { items: DOWNWARD_API_ITEMS }),
  configMap: object('ConfigMapProjection', { name: STRING, items: array(KEY_TO_PATH), optional: pointer(BOOLEAN) }),
  secret: object('SecretProjection', { name: STRING, items: array(KEY_TO_PATH), optional: pointer(BOOLEAN) }),
  serviceAccountToken: object('ServiceAccountTokenProjection', {
    audience: STRING,
    expirationSeconds: pointer(INT64),
    path: required(STRING),
  }),
  clusterTrustBundle: object('ClusterTrustBundleProjection', {
    name: pointer(STRING),
    signerName: pointer(STRING),
    labelSelector: LABEL_SELECTOR,
    optional: pointer(BOOLEAN),
    path: required(STRING),
  }),
  podCertificate: OPAQUE,
})

export const VOLUME = object('Volume', {
  name: required(STRING),
  emptyDir: object('EmptyDirVolumeSource', { medium: oneOf('', 'Memory'), sizeLimit: QUANTITY }),
  hostPath: object('HostPathVolumeSource', {
    path: required(STRING),
    type: pointer(
      oneOf('', 'DirectoryOrCreate', 'Directory', 'FileOrCreate', 'File', 'Socket', 'CharDevice', 'BlockDevice'),
    ),
  }),
  downwardAPI: object('DownwardAPIVolumeSource', { items: DOWNWARD_API_ITEMS, defaultMode: pointer(INT32) }),
  projected: object('ProjectedVolumeSource', { sources: array(PROJECTION), defaultMode: pointer(INT32) }),
  configMap: object('ConfigMapVolumeSource', {
    name: STRING,
    items: array(KEY_TO_PATH),
    defaultMode: pointer(INT32),
    optional: pointer(BOOLEAN),
  }),
  secret: object('SecretVolumeSource', {
    secretName: STRING,
    items: array(KEY_TO_PATH),
    defaultMode: pointer(INT32),
    optional: pointer(BOOLEAN),
  }),
  persistentVolumeClaim: object('PersistentVolumeClaimVolumeSource', {
    claimName: required(STRING),
    readOnly: BOOLEAN,
  }),
  nfs: object('NFSVolumeSource', { server: required(STRING), path: required(STRING), readOnly: BOOLEAN }),
  image: object('ImageVolumeSource', { reference: STRING, pullPolicy: oneOf('Always', 'IfNotPresent', 'Never') }),
  gitRepo: object('GitRepoVolumeSource', { repository: required(STRING), revision: STRING, directory: STRING }),
  csi: OPAQUE,
  ephemeral: OPAQUE,
  glusterfs: OPAQUE,
  azureFile: OPAQUE,
  azureDisk: OPAQUE,
  awsElasticBlockStore: OPAQUE,
  gcePersistentDisk: OPAQUE,
  iscsi: OPAQUE,
  fc: OPAQUE,
  rbd: OPAQUE,
  cephfs: OPAQUE,
  cinder: OPAQUE,
  flexVolume: OPAQUE,
  flocker: OPAQUE,
  vsphereVolume: OPAQUE,
  quobyte: OPAQUE,
  photonPersistentDisk: OPAQUE,
  portworxVolume: OPAQUE,
  scaleIO: OPAQUE,
  storageos: OPAQUE,
})

/** The members of a Volume that say where it comes from. */
export const VOLUME_SOURCES: readonly string[] = Object.keys(VOLUME.fields).filter((field) => field !== 'name')
