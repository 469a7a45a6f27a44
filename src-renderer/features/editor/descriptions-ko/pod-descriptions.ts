/** Korean descriptions of PodSpec and of what is said of a pod as a whole. */
import type { TypeDescriptions } from '@common/api/descriptions/type-descriptions.ts'

export const POD_DESCRIPTIONS: TypeDescriptions = {
  PodSpec: {
    '': '파드가 어떠해야 하는지를 적습니다.',
    volumes: '컨테이너가 마운트할 수 있는 폴더와 파일입니다.',
    initContainers:
      '다른 컨테이너보다 먼저 하나씩 차례로 실행되는 초기화 컨테이너입니다. restartPolicy가 Always이면 끝나지 않고 함께 도는 사이드카가 됩니다.',
    containers: '파드의 컨테이너입니다. 적어도 하나는 있어야 합니다.',
    ephemeralContainers: '실행 중인 파드에 kubectl debug가 덧붙이는 디버깅용 임시 컨테이너입니다.',
    restartPolicy:
      '끝난 컨테이너를 다시 시작할지 정합니다. Always는 늘, OnFailure는 실패했을 때만 다시 시작하고, Never는 그대로 둡니다.',
    terminationGracePeriodSeconds: '멈추라고 알린 뒤 강제로 죽이기까지 기다리는 유예 시간(초)입니다.',
    activeDeadlineSeconds: '파드가 돌 수 있는 시간(초)입니다. 이 시간이 지나면 파드를 멈추고 실패로 봅니다.',
    dnsPolicy:
      '컨테이너가 이름을 주소로 바꾸는 방법입니다. ClusterFirst는 클러스터의 DNS를, Default는 노드의 설정을 씁니다.',
    dnsConfig: '이름을 찾을 때 더 쓸 네임서버와 검색 도메인입니다.',
    nodeSelector: '파드를 실행할 노드에 있어야 할 레이블입니다.',
    nodeName: '파드가 실행될 노드입니다. 비어 있으면 스케줄러가 정합니다.',
    serviceAccountName: '파드가 API 서버와 이야기할 때 쓰는 ServiceAccount의 이름입니다.',
    serviceAccount: 'serviceAccountName의 옛 이름입니다.',
    automountServiceAccountToken: 'ServiceAccount의 토큰을 컨테이너에 자동으로 마운트할지 정합니다.',
    hostNetwork: 'true이면 파드만의 네트워크 없이 노드의 네트워크를 그대로 씁니다.',
    hostPID: 'true이면 컨테이너에서 노드의 프로세스가 보입니다.',
    hostIPC: 'true이면 공유 메모리와 세마포어를 노드와 함께 씁니다.',
    hostUsers:
      'true(기본값)이면 사용자 번호가 노드와 같은 뜻입니다. false이면 파드가 사용자 네임스페이스를 따로 씁니다.',
    shareProcessNamespace: 'true이면 파드의 컨테이너들이 서로의 프로세스를 볼 수 있습니다.',
    securityContext: '컨테이너를 어떤 권한으로 실행할지 정합니다. 파드의 모든 컨테이너에 적용됩니다.',
    imagePullSecrets: '이미지를 내려받을 레지스트리의 비밀번호가 든 시크릿입니다.',
    hostname: '파드의 호스트 이름입니다. 없으면 파드의 이름을 씁니다.',
    subdomain: '호스트 이름 뒤에 붙는 도메인의 첫 부분입니다.',
    setHostnameAsFQDN: 'true이면 도메인까지 붙은 전체 이름(FQDN)이 호스트 이름이 됩니다.',
    hostnameOverride: '다른 설정보다 앞서는 호스트 이름입니다.',
    affinity: '어느 노드에서, 그리고 어느 파드의 가까이나 멀리서 실행할지에 대한 규칙입니다.',
    schedulerName: '이 파드를 배치할 스케줄러의 이름입니다.',
    tolerations: '노드에 있어도 파드가 견디는 테인트들입니다.',
    hostAliases: '컨테이너의 /etc/hosts에 더할 줄입니다.',
    priorityClassName: 'PriorityClass의 이름입니다. 노드에 자리가 모자랄 때 누가 비켜야 하는지가 여기에 달려 있습니다.',
    priority: '파드의 우선순위입니다. 클수록 앞서며, API 서버가 PriorityClass를 보고 채웁니다.',
    preemptionPolicy: '우선순위가 낮은 파드를 밀어내고 자리를 얻을지 정합니다. Never이면 밀어내지 않습니다.',
    readinessGates: '파드가 준비된 것으로 보이려면 컨테이너의 준비 말고도 True여야 하는 조건입니다.',
    runtimeClassName: '컨테이너를 실행할 방법을 정하는 RuntimeClass의 이름입니다.',
    enableServiceLinks: '서비스의 주소를 환경 변수로 넣을지 정합니다. 기본값은 true입니다.',
    overhead: '컨테이너 말고 파드를 실행하는 것 자체에 드는 자원입니다.',
    topologySpreadConstraints: '파드들을 존이나 노드에 고르게 퍼뜨리는 규칙입니다.',
    os: '파드에 필요한 운영 체제입니다.',
    schedulingGates: '하나라도 남아 있으면 스케줄러가 파드를 배치하지 않습니다.',
    resourceClaims: '파드가 쓸 장치를 요청하는 클레임입니다.',
    resources: '컨테이너 하나가 아니라 파드 전체의 자원 요청량과 한도입니다.',
    workloadRef: '이 파드가 함께 배치될 파드 그룹입니다.',
  },
  PodDNSConfig: {
    '': '파드에서 이름을 주소로 바꾸는 설정입니다.',
    nameservers: '네임서버의 주소입니다.',
    searches: '짧은 이름을 찾아볼 도메인입니다.',
    options: '리졸버(resolv.conf)의 옵션입니다.',
  },
  PodDNSConfigOption: {
    '': '리졸버의 옵션 하나입니다.',
    name: '옵션의 이름입니다. 예: ndots.',
    value: '옵션의 값입니다.',
  },
  HostAlias: {
    '': '컨테이너의 /etc/hosts에 더할 한 줄입니다.',
    ip: '주소입니다.',
    hostnames: '그 주소를 가리키는 이름들입니다.',
  },
  PodReadinessGate: {
    '': '파드가 준비되려면 True여야 하는 조건입니다.',
    conditionType: '조건의 종류(type)입니다.',
  },
  PodOS: {
    '': '파드에 필요한 운영 체제입니다.',
    name: 'linux 또는 windows입니다.',
  },
  PodSchedulingGate: {
    '': '없어질 때까지 배치를 미루는 표시입니다.',
    name: '표시의 이름입니다.',
  },
  PodResourceClaim: {
    '': '파드가 쓸 장치의 클레임입니다. 클레임의 이름이나 템플릿 가운데 하나를 적습니다.',
    name: '컨테이너가 이 클레임을 가리킬 때 쓰는 이름입니다.',
    resourceClaimName: '이미 있는 ResourceClaim의 이름입니다.',
    resourceClaimTemplateName: '파드마다 클레임을 새로 만드는 ResourceClaimTemplate의 이름입니다.',
  },
}
