/** Descriptions of volumes: where their files come from. */
import type { TypeDescriptions } from './type-descriptions.ts'

const MOUNT_MODE = 'Permissions of the files, unless an item has its own. The default is 0644.'
const OPTIONAL = 'Whether it may be missing.'
const ITEMS = 'Which keys become which files; all of them when absent.'
const BY_CSI = 'Its CSI driver serves it today.'
const REMOVED = 'Kubernetes no longer has this kind.'

export const VOLUME_DESCRIPTIONS: TypeDescriptions = {
  Volume: {
    '': 'A directory that containers of a Pod can mount, and where it comes from.',
    name: 'Name of the volume, unique in its Pod.',
    emptyDir: 'A directory that is empty at first and goes with the Pod.',
    hostPath: 'A file or directory of the node.',
    configMap: 'The keys of a ConfigMap as files.',
    secret: 'The keys of a Secret as files.',
    downwardAPI: 'Facts about the Pod as files.',
    projected: 'Several sources in one directory.',
    persistentVolumeClaim: 'Storage that a claim has been given.',
    nfs: 'A directory of an NFS server.',
    image: 'The files of an image.',
    ephemeral: 'A claim that is made for the Pod and goes with it.',
    csi: 'Storage that a CSI driver mounts for this Pod alone.',
    iscsi: 'A disk that is reached by iSCSI.',
    fc: 'A disk that is reached by Fibre Channel.',
    flexVolume: 'Storage that a FlexVolume driver mounts. CSI has taken its place.',
    gitRepo: 'A copy of a Git repository. Unsafe, and no longer served: an init container can clone one.',
    awsElasticBlockStore: `A disk of Amazon EBS. ${BY_CSI}`,
    azureDisk: `A disk of Azure. ${BY_CSI}`,
    azureFile: `A file share of Azure. ${BY_CSI}`,
    cinder: `A disk of OpenStack. ${BY_CSI}`,
    gcePersistentDisk: `A persistent disk of Google Cloud. ${BY_CSI}`,
    portworxVolume: `A volume of Portworx. ${BY_CSI}`,
    vsphereVolume: `A disk of vSphere. ${BY_CSI}`,
    cephfs: `A directory of CephFS. ${REMOVED}`,
    flocker: `A volume of Flocker. ${REMOVED}`,
    glusterfs: `A volume of GlusterFS. ${REMOVED}`,
    photonPersistentDisk: `A disk of the Photon platform. ${REMOVED}`,
    quobyte: `A volume of Quobyte. ${REMOVED}`,
    rbd: `A block device of Ceph. ${REMOVED}`,
    scaleIO: `A volume of ScaleIO. ${REMOVED}`,
    storageos: `A volume of StorageOS. ${REMOVED}`,
  },
  EmptyDirVolumeSource: {
    medium: 'Memory for a file system in memory; empty for the disk of the node.',
    sizeLimit: 'The most that it may hold.',
  },
  HostPathVolumeSource: {
    path: 'Path on the node.',
    type: 'What has to be there, or is created: Directory, DirectoryOrCreate, File, FileOrCreate, Socket, CharDevice or BlockDevice.',
  },
  ConfigMapVolumeSource: {
    name: 'Name of the ConfigMap.',
    items: ITEMS,
    defaultMode: MOUNT_MODE,
    optional: OPTIONAL,
  },
  SecretVolumeSource: {
    secretName: 'Name of the Secret.',
    items: ITEMS,
    defaultMode: MOUNT_MODE,
    optional: OPTIONAL,
  },
  KeyToPath: { key: 'The key.', path: 'Path of its file in the volume.', mode: 'Permissions of the file.' },
  DownwardAPIVolumeSource: { items: 'The files.', defaultMode: 'Permissions of the files. The default is 0644.' },
  DownwardAPIProjection: { items: 'The files.' },
  DownwardAPIVolumeFile: {
    '': 'A fact about the Pod as a file.',
    path: 'Path of the file in the volume.',
    fieldRef: 'A field of the Pod.',
    resourceFieldRef: 'A request or limit of a container.',
    mode: 'Permissions of the file.',
  },
  ProjectedVolumeSource: {
    sources: 'What the directory is made of.',
    defaultMode: 'Permissions of the files. The default is 0644.',
  },
  VolumeProjection: {
    '': 'One source: exactly one of these.',
    downwardAPI: 'Facts about the Pod.',
    configMap: 'The keys of a ConfigMap.',
    secret: 'The keys of a Secret.',
    serviceAccountToken: 'A token of the ServiceAccount, renewed before it expires.',
    clusterTrustBundle: 'Certificates of authorities.',
    podCertificate: 'A certificate for the Pod.',
  },
  ConfigMapProjection: { name: 'Name of the ConfigMap.', items: ITEMS, optional: OPTIONAL },
  SecretProjection: { name: 'Name of the Secret.', items: ITEMS, optional: OPTIONAL },
  ServiceAccountTokenProjection: {
    audience: 'Whom the token is for; the API server when absent.',
    expirationSeconds: 'For how long it is good. The default is an hour.',
    path: 'Path of its file in the volume.',
  },
  PersistentVolumeClaimVolumeSource: {
    claimName: 'Name of the claim.',
    readOnly: 'Whether the volume may only be read.',
  },
  NFSVolumeSource: {
    server: 'Host of the server.',
    path: 'Path that it exports.',
    readOnly: 'Whether it may only be read.',
  },
  ImageVolumeSource: { reference: 'Name of the image.', pullPolicy: 'When it is pulled.' },
  ClusterTrustBundleProjection: {
    name: 'Name of a ClusterTrustBundle; not together with signerName.',
    signerName: 'All ClusterTrustBundles of this signer.',
    labelSelector: 'Which of the signer’s, by label.',
    optional: 'Whether there may be none.',
    path: 'Path of the file in the volume.',
  },
  GitRepoVolumeSource: {
    repository: 'Address of the repository.',
    revision: 'Commit that is checked out.',
    directory: 'Folder in the volume that it goes to.',
  },
}
