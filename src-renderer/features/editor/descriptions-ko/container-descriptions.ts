/** Korean descriptions of Container, its ports, environment variables, resources and mounts. */
import type { TypeDescriptions } from '@common/api/descriptions/type-descriptions.ts'

const CONTAINER: Readonly<Record<string, string>> = {
  '': '이미지로 만들어 파드 안에서 실행하는 프로그램 하나입니다.',
  name: '컨테이너의 이름입니다. 파드 안에서 하나뿐이며 나중에 바꿀 수 없습니다.',
  image: '컨테이너를 만들 이미지입니다. 예: busybox:1.36.',
  command: '이미지의 ENTRYPOINT 대신 실행할 명령입니다. $(이름)은 그 환경 변수의 값으로 바뀝니다.',
  args: '이미지의 CMD 대신 명령에 넘길 인자입니다. $(이름)은 그 환경 변수의 값으로 바뀝니다.',
  workingDir: '명령이 시작될 작업 폴더입니다. 없으면 이미지에 정해진 대로입니다.',
  ports: '컨테이너가 듣는 포트입니다. 알리는 것일 뿐이라, 적지 않아도 포트가 막히지는 않습니다.',
  envFrom: '모든 키를 환경 변수로 가져올 컨피그맵과 시크릿입니다.',
  env: '환경 변수입니다. 이름이 같으면 envFrom보다 앞섭니다.',
  resources: '컨테이너에 필요한 CPU와 메모리의 양(requests), 그리고 최대로 쓸 수 있는 양(limits)입니다.',
  resizePolicy: '자원의 양을 바꿀 때 컨테이너를 다시 시작할지 정합니다.',
  restartPolicy:
    '이 컨테이너만의 재시작 방법입니다. 파드의 restartPolicy보다 앞섭니다. 초기화 컨테이너에서 Always는 사이드카를 뜻합니다.',
  restartPolicyRules: '종료 코드에 따른 재시작 규칙입니다. restartPolicy보다 먼저 따릅니다.',
  volumeMounts: '파드의 볼륨을 컨테이너 안 어디에 둘지 적습니다.',
  volumeDevices: '컨테이너에 그대로 건네는 블록 장치입니다.',
  livenessProbe: '컨테이너가 아직 제대로 도는지 묻는 활성 프로브입니다. 실패하면 컨테이너를 다시 시작합니다.',
  readinessProbe:
    '컨테이너가 요청을 받을 수 있는지 묻는 준비 프로브입니다. 실패하는 동안 파드는 준비되지 않은 것으로 봅니다.',
  startupProbe: '컨테이너가 다 시작했는지 묻는 시작 프로브입니다. 성공할 때까지 다른 프로브는 기다립니다.',
  lifecycle: '컨테이너가 시작한 바로 뒤와 멈추기 바로 전에 할 일(훅)입니다.',
  terminationMessagePath:
    '컨테이너가 끝나면서 남기는 말을 적는 컨테이너 안의 파일입니다. 내용이 파드의 상태에 실립니다.',
  terminationMessagePolicy:
    '남긴 말을 어디서 읽을지 정합니다. FallbackToLogsOnError이면, 파일이 비었고 실패로 끝났을 때 로그의 끝부분을 씁니다.',
  imagePullPolicy:
    '이미지를 언제 내려받을지 정합니다. 태그가 없거나 latest이면 Always, 그 밖에는 IfNotPresent가 기본값입니다.',
  securityContext: '이 컨테이너를 어떤 권한으로 실행할지 정합니다. 파드의 securityContext보다 앞섭니다.',
  stdin: 'true이면 표준 입력을 열어 두어, 나중에 붙어서(attach) 입력할 수 있습니다.',
  stdinOnce: 'true이면 처음 붙은 쪽이 떠날 때 표준 입력을 닫습니다.',
  tty: 'true이면 컨테이너에 터미널을 줍니다. stdin도 true여야 합니다.',
}

const REFERENCED_OBJECT = { optional: 'true이면 그 오브젝트가 없어도 컨테이너를 시작합니다.' }
const REFERENCED_KEY = {
  key: '값을 가져올 키입니다.',
  optional: 'true이면 그 오브젝트나 키가 없어도 컨테이너를 시작합니다.',
}

export const CONTAINER_DESCRIPTIONS: TypeDescriptions = {
  Container: CONTAINER,
  EphemeralContainer: {
    ...CONTAINER,
    '': '실행 중인 파드에 덧붙이는 디버깅용 임시 컨테이너입니다. 끝나도 다시 시작하지 않습니다.',
    targetContainerName: '프로세스를 들여다볼 컨테이너의 이름입니다.',
  },
  ContainerPort: {
    '': '컨테이너가 듣는 포트입니다.',
    name: '포트의 이름입니다. 프로브와 서비스에서 번호 대신 쓸 수 있습니다.',
    hostPort: '이 포트로 이어 줄 노드의 포트입니다.',
    containerPort: '컨테이너의 포트 번호입니다(1~65535).',
    protocol: 'TCP(기본값), UDP, SCTP 가운데 하나입니다.',
    hostIP: 'hostPort를 열 노드의 주소입니다. 없으면 노드의 모든 주소에서 엽니다.',
  },
  EnvVar: {
    '': '환경 변수 하나입니다.',
    name: '변수의 이름입니다.',
    value: '변수의 값입니다. $(이름)은 앞에 나온 다른 변수의 값으로 바뀝니다.',
    valueFrom: 'value 대신 다른 곳에서 값을 가져옵니다.',
  },
  EnvVarSource: {
    '': '변수의 값을 가져올 곳입니다. 이 가운데 하나만 적습니다.',
    fieldRef: 'metadata.name이나 status.podIP 같은 파드의 필드입니다.',
    resourceFieldRef: '컨테이너의 자원 요청량이나 한도입니다.',
    configMapKeyRef: '컨피그맵의 키입니다.',
    secretKeyRef: '시크릿의 키입니다.',
    fileKeyRef: '볼륨에 있는 파일의 키입니다.',
  },
  EnvFromSource: {
    '': '모든 키를 환경 변수로 가져올 오브젝트입니다.',
    prefix: '변수 이름마다 앞에 붙일 글자입니다.',
    configMapRef: '키를 가져올 컨피그맵입니다.',
    secretRef: '키를 가져올 시크릿입니다.',
  },
  ConfigMapEnvSource: { '': '모든 키를 가져올 컨피그맵입니다.', name: '컨피그맵의 이름입니다.', ...REFERENCED_OBJECT },
  SecretEnvSource: { '': '모든 키를 가져올 시크릿입니다.', name: '시크릿의 이름입니다.', ...REFERENCED_OBJECT },
  ConfigMapKeySelector: { '': '컨피그맵의 키 하나입니다.', name: '컨피그맵의 이름입니다.', ...REFERENCED_KEY },
  SecretKeySelector: { '': '시크릿의 키 하나입니다.', name: '시크릿의 이름입니다.', ...REFERENCED_KEY },
  FileKeySelector: {
    '': '볼륨에 있는 파일의 키 하나입니다.',
    volumeName: '파일이 있는 볼륨의 이름입니다.',
    path: '볼륨 안에서 파일의 경로입니다.',
    key: '파일에서 값을 가져올 키입니다.',
    optional: 'true이면 그 파일이나 키가 없어도 컨테이너를 시작합니다.',
  },
  ObjectFieldSelector: {
    '': '파드의 필드를 가리킵니다.',
    apiVersion: 'fieldPath를 적는 API의 버전입니다. v1입니다.',
    fieldPath: '필드의 경로입니다. 예: metadata.name.',
  },
  ResourceFieldSelector: {
    '': '컨테이너의 자원 요청량이나 한도를 가리킵니다.',
    containerName: '어느 컨테이너의 자원인지 적습니다. 볼륨에서는 꼭 적어야 합니다.',
    resource: '자원입니다. 예: limits.cpu, requests.memory.',
    divisor: '값을 나눌 단위입니다. 1Mi이면 메비바이트로 나타냅니다.',
  },
  ResourceRequirements: {
    '': '자원마다 필요한 양과 쓸 수 있는 한도입니다.',
    limits: '최대로 쓸 수 있는 양입니다. CPU는 넘지 못하게 늦추고, 메모리가 넘으면 컨테이너를 죽입니다(OOMKilled).',
    requests: '노드에서 미리 떼어 두는 양입니다. 없으면 한도와 같습니다.',
    claims: '파드의 클레임 가운데 이 컨테이너가 쓸 것입니다.',
  },
  ResourceClaim: {
    '': '컨테이너가 쓸 파드의 클레임입니다.',
    name: '파드의 resourceClaims에 적은 클레임의 이름입니다.',
    request: '클레임 가운데 쓸 부분입니다. 없으면 전부 씁니다.',
  },
  ContainerResizePolicy: {
    '': '자원 하나의 양을 바꿀 때 할 일입니다.',
    resourceName: 'cpu 또는 memory입니다.',
    restartPolicy: '그대로 두고 바꾸면 NotRequired, 다시 시작해야 하면 RestartContainer입니다.',
  },
  ContainerRestartRule: {
    '': '종료 코드에 따른 재시작 규칙입니다.',
    action:
      '규칙에 맞을 때 할 일입니다. Restart는 이 컨테이너를, RestartAllContainers는 파드의 모든 컨테이너를 다시 시작합니다.',
    exitCodes: '규칙이 맞는 종료 코드입니다.',
  },
  ContainerRestartRuleOnExitCodes: {
    '': '규칙이 맞는 종료 코드입니다.',
    operator: '종료 코드가 values 가운데 있어야 하면 In, 없어야 하면 NotIn입니다.',
    values: '종료 코드들입니다.',
  },
  VolumeMount: {
    '': '컨테이너의 파일 시스템에 놓인 볼륨입니다.',
    name: '파드의 volumes에 적은 볼륨의 이름입니다.',
    readOnly: 'true이면 컨테이너는 읽기만 할 수 있습니다.',
    recursiveReadOnly: '볼륨 안에 또 마운트된 것까지 읽기 전용으로 할지 정합니다.',
    mountPath: '볼륨이 놓일 컨테이너 안의 경로입니다.',
    subPath: '볼륨 전체 대신 마운트할 볼륨 안의 경로입니다.',
    subPathExpr: 'subPath와 같지만 $(이름)이 환경 변수의 값으로 바뀝니다.',
    mountPropagation: '나중에 생긴 마운트가 노드와 컨테이너 사이에서 서로 보일지 정합니다.',
  },
  VolumeDevice: {
    '': '컨테이너에 건네는 블록 장치입니다.',
    name: '볼륨의 이름입니다.',
    devicePath: '컨테이너 안에서 장치의 경로입니다.',
  },
}
