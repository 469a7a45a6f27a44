/** Korean descriptions of probes and lifecycle hooks, and of the actions that they take. */
import type { TypeDescriptions } from '@common/api/descriptions/type-descriptions.ts'

const PORT = '컨테이너 포트의 번호나 이름입니다.'
const HOST = '연결할 호스트입니다. 없으면 파드의 주소입니다.'

export const PROBE_DESCRIPTIONS: TypeDescriptions = {
  Probe: {
    '': 'kubelet이 컨테이너의 상태를 되풀이해서 묻는 방법입니다.',
    exec: '컨테이너 안에서 실행할 명령입니다. 종료 코드가 0이면 성공입니다.',
    httpGet: 'HTTP 요청입니다. 응답 코드가 200~399이면 성공입니다.',
    tcpSocket: 'TCP 연결입니다. 연결되면 성공입니다.',
    grpc: 'gRPC 헬스 체크입니다. SERVING이라고 답하면 성공입니다.',
    initialDelaySeconds: '컨테이너가 시작한 뒤 처음 물을 때까지의 시간(초)입니다.',
    timeoutSeconds: '답을 기다리는 시간(초)입니다. 넘으면 실패입니다.',
    periodSeconds: '얼마나 자주 묻는지(초)입니다.',
    successThreshold: '실패한 뒤, 몇 번 잇달아 성공해야 성공으로 치는지입니다.',
    failureThreshold: '몇 번 잇달아 실패해야 실패로 치는지입니다.',
    terminationGracePeriodSeconds: '이 프로브 때문에 멈출 때의 유예 시간(초)입니다. 없으면 파드의 유예 시간을 씁니다.',
  },
  Lifecycle: {
    '': '컨테이너의 수명 주기 훅입니다.',
    postStart: '시작한 바로 뒤에 할 일입니다. 이 일이 끝나야 컨테이너가 시작된 것으로 칩니다.',
    preStop: '멈추라는 시그널을 보내기 전에 할 일입니다. 걸린 시간은 유예 시간에서 빠집니다.',
    stopSignal: '멈추라고 보낼 시그널입니다. 없으면 이미지에 정해진 것이나 SIGTERM입니다.',
  },
  LifecycleHandler: {
    '': '훅이 하는 일입니다. 이 가운데 하나만 적습니다.',
    exec: '컨테이너 안에서 실행할 명령입니다. 종료 코드가 0이면 성공입니다.',
    httpGet: '컨테이너에 보낼 HTTP 요청입니다.',
    tcpSocket: '이제 쓰이지 않습니다. 훅에 적으면 실행할 때 실패합니다.',
    sleep: '정한 시간만큼 기다립니다.',
  },
  ExecAction: {
    '': '컨테이너 안에서 실행하는 명령입니다.',
    command: '명령과 인자입니다. 셸을 거치지 않으므로 파이프나 $변수는 쓸 수 없습니다.',
  },
  HTTPGetAction: {
    '': 'HTTP GET 요청입니다.',
    path: '요청할 경로입니다.',
    port: PORT,
    host: HOST,
    scheme: 'HTTP(기본값) 또는 HTTPS입니다. HTTPS의 인증서는 확인하지 않습니다.',
    httpHeaders: '요청에 넣을 헤더입니다.',
  },
  HTTPHeader: {
    '': 'HTTP 헤더 하나입니다.',
    name: '헤더의 이름입니다.',
    value: '헤더의 값입니다.',
  },
  TCPSocketAction: { '': 'TCP 연결입니다.', port: PORT, host: HOST },
  GRPCAction: {
    '': 'gRPC 헬스 체크입니다.',
    port: '포트 번호입니다.',
    service: '헬스 체크에서 물을 서비스의 이름입니다.',
  },
  SleepAction: { '': '기다리기만 합니다.', seconds: '기다릴 시간(초)입니다.' },
}
