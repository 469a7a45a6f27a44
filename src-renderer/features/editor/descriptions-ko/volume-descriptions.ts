/** Korean descriptions of volumes and of where their content comes from. */
import type { TypeDescriptions } from '@common/api/descriptions/type-descriptions.ts'

const ITEMS = '어느 키를 어느 파일로 만들지 정합니다. 없으면 모든 키가 파일이 됩니다.'
const DEFAULT_MODE = '파일의 권한입니다. 파일마다 따로 정할 수도 있습니다. 기본값은 0644입니다.'
const MODE = '이 파일의 권한입니다. 없으면 defaultMode를 따릅니다.'
const OPTIONAL = 'true이면 그 오브젝트나 키가 없어도 됩니다.'
const PATH = '볼륨 안에서 파일의 경로입니다.'
const READ_ONLY = 'true이면 읽기만 할 수 있습니다.'

export const VOLUME_DESCRIPTIONS: TypeDescriptions = {
  Volume: {
    '': '파드의 컨테이너가 마운트할 수 있는 폴더와 그 내용이 오는 곳입니다.',
    name: '볼륨의 이름입니다. 파드 안에서 하나뿐이며, 컨테이너가 volumeMounts에서 이 이름으로 부릅니다.',
    emptyDir: '처음에는 비어 있고 파드와 함께 없어지는 폴더입니다.',
    hostPath: '노드의 파일이나 폴더입니다. 파드가 없어져도 남습니다.',
    downwardAPI: '파드에 대한 정보를 파일로 보여 줍니다.',
    projected: '여러 곳의 내용을 폴더 하나에 모읍니다.',
    configMap: '컨피그맵의 키를 파일로 보여 줍니다.',
    secret: '시크릿의 키를 파일로 보여 줍니다.',
    persistentVolumeClaim: 'PersistentVolumeClaim이 얻은 저장 공간입니다.',
    ephemeral: '파드와 함께 만들어지고 없어지는 PersistentVolumeClaim입니다.',
    csi: 'CSI 드라이버가 제공하는 저장 공간입니다.',
    image: '이미지에 든 파일을 읽기 전용으로 보여 줍니다.',
    nfs: 'NFS 서버의 폴더입니다.',
    iscsi: 'iSCSI 디스크입니다.',
    fc: '파이버 채널(Fibre Channel) 디스크입니다.',
    gitRepo: 'Git 저장소의 내용입니다. 안전하지 않아 이제 쓰이지 않습니다.',
    flexVolume: 'FlexVolume 드라이버의 저장 공간입니다. 이제는 CSI를 씁니다.',
    awsElasticBlockStore: 'AWS EBS 디스크입니다. 이제는 CSI를 씁니다.',
    gcePersistentDisk: 'Google Cloud 영구 디스크입니다. 이제는 CSI를 씁니다.',
    azureDisk: 'Azure 디스크입니다. 이제는 CSI를 씁니다.',
    azureFile: 'Azure 파일 공유입니다. 이제는 CSI를 씁니다.',
    cinder: 'OpenStack Cinder 디스크입니다. 이제는 CSI를 씁니다.',
    vsphereVolume: 'vSphere 디스크입니다. 이제는 CSI를 씁니다.',
    portworxVolume: 'Portworx 볼륨입니다. 이제는 CSI를 씁니다.',
    cephfs: 'CephFS 파일 시스템입니다. 쿠버네티스에서 지원이 끝났습니다.',
    rbd: 'Ceph RBD 디스크입니다. 쿠버네티스에서 지원이 끝났습니다.',
    glusterfs: 'GlusterFS 볼륨입니다. 쿠버네티스에서 지원이 끝났습니다.',
    flocker: 'Flocker 볼륨입니다. 쿠버네티스에서 지원이 끝났습니다.',
    quobyte: 'Quobyte 볼륨입니다. 쿠버네티스에서 지원이 끝났습니다.',
    photonPersistentDisk: 'Photon 디스크입니다. 쿠버네티스에서 지원이 끝났습니다.',
    scaleIO: 'ScaleIO 볼륨입니다. 쿠버네티스에서 지원이 끝났습니다.',
    storageos: 'StorageOS 볼륨입니다. 쿠버네티스에서 지원이 끝났습니다.',
  },
  EmptyDirVolumeSource: {
    '': '처음에는 비어 있고 파드와 함께 없어지는 폴더입니다.',
    medium: 'Memory이면 메모리에, 비어 있으면 노드의 디스크에 둡니다.',
    sizeLimit: '담을 수 있는 최대 크기입니다.',
  },
  HostPathVolumeSource: {
    '': '노드의 파일이나 폴더입니다.',
    path: '노드에서의 경로입니다.',
    type: '그 경로에 무엇이 있어야 하는지 정합니다. 이름이 OrCreate로 끝나면 없을 때 만들고, 비어 있으면 확인하지 않습니다.',
  },
  DownwardAPIVolumeSource: {
    '': '파드에 대한 정보를 담은 파일들입니다.',
    items: '만들 파일들입니다.',
    defaultMode: DEFAULT_MODE,
  },
  DownwardAPIVolumeFile: {
    '': '파드에 대한 정보 하나를 담은 파일입니다.',
    path: PATH,
    fieldRef: '파일에 적을 파드의 필드입니다.',
    resourceFieldRef: '파일에 적을 컨테이너의 자원 요청량이나 한도입니다.',
    mode: MODE,
  },
  ProjectedVolumeSource: {
    '': '여러 곳의 내용을 모은 폴더입니다.',
    sources: '내용이 오는 곳들입니다.',
    defaultMode: DEFAULT_MODE,
  },
  VolumeProjection: {
    '': '내용이 오는 곳 하나입니다. 이 가운데 하나만 적습니다.',
    downwardAPI: '파드에 대한 정보입니다.',
    configMap: '컨피그맵의 키입니다.',
    secret: '시크릿의 키입니다.',
    serviceAccountToken: 'ServiceAccount의 토큰입니다. 기한이 지나기 전에 새것으로 바뀝니다.',
    clusterTrustBundle: '인증 기관(CA)의 인증서 묶음입니다.',
    podCertificate: '이 파드의 인증서입니다.',
  },
  DownwardAPIProjection: { '': '파드에 대한 정보를 담은 파일들입니다.', items: '만들 파일들입니다.' },
  ConfigMapProjection: {
    '': '컨피그맵의 키를 파일로 보여 줍니다.',
    name: '컨피그맵의 이름입니다.',
    items: ITEMS,
    optional: OPTIONAL,
  },
  SecretProjection: {
    '': '시크릿의 키를 파일로 보여 줍니다.',
    name: '시크릿의 이름입니다.',
    items: ITEMS,
    optional: OPTIONAL,
  },
  ServiceAccountTokenProjection: {
    '': 'ServiceAccount의 토큰을 담은 파일입니다.',
    audience: '토큰을 받을 상대입니다. 없으면 API 서버입니다.',
    expirationSeconds: '토큰을 쓸 수 있는 시간(초)입니다. 기본값은 한 시간입니다.',
    path: PATH,
  },
  ClusterTrustBundleProjection: {
    '': '인증 기관(CA)의 인증서 묶음을 담은 파일입니다.',
    name: 'ClusterTrustBundle의 이름입니다. signerName과 함께 쓸 수 없습니다.',
    signerName: '서명자의 이름입니다. 이 서명자의 ClusterTrustBundle을 모두 고릅니다.',
    labelSelector: 'signerName으로 고른 것을 레이블로 더 좁힙니다.',
    optional: 'true이면 ClusterTrustBundle이 없어도 됩니다.',
    path: PATH,
  },
  KeyToPath: {
    '': '키 하나를 파일로 만드는 방법입니다.',
    key: '파일로 만들 키입니다.',
    path: PATH,
    mode: MODE,
  },
  ConfigMapVolumeSource: {
    '': '컨피그맵의 키를 파일로 보여 줍니다.',
    name: '컨피그맵의 이름입니다.',
    items: ITEMS,
    defaultMode: DEFAULT_MODE,
    optional: OPTIONAL,
  },
  SecretVolumeSource: {
    '': '시크릿의 키를 파일로 보여 줍니다.',
    secretName: '시크릿의 이름입니다.',
    items: ITEMS,
    defaultMode: DEFAULT_MODE,
    optional: OPTIONAL,
  },
  PersistentVolumeClaimVolumeSource: {
    '': 'PersistentVolumeClaim이 얻은 저장 공간입니다.',
    claimName: '같은 네임스페이스에 있는 PersistentVolumeClaim의 이름입니다.',
    readOnly: READ_ONLY,
  },
  NFSVolumeSource: {
    '': 'NFS 서버의 폴더입니다.',
    server: '서버의 이름이나 주소입니다.',
    path: '서버가 내보내는 경로입니다.',
    readOnly: READ_ONLY,
  },
  ImageVolumeSource: {
    '': '이미지에 든 파일입니다.',
    reference: '이미지의 이름입니다.',
    pullPolicy: '이미지를 언제 내려받을지 정합니다.',
  },
  GitRepoVolumeSource: {
    '': 'Git 저장소의 내용입니다. 안전하지 않아 이제 쓰이지 않습니다.',
    repository: '저장소의 주소입니다.',
    revision: '받아 올 커밋입니다.',
    directory: '볼륨 안에서 내용을 둘 폴더입니다.',
  },
}
