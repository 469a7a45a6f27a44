/** A few experiments of the in-memory bridge: enough of each kind to work on screens. Their CEL is never evaluated here. */
import type { Answer, ComparisonRow, Experiment, LocalText, SideName } from '@common/experiments/experiment.ts'

const text = (en: string, ko: string): LocalText => ({ en, ko })
type Expected = Partial<Record<SideName, Answer>>

function observation(
  name: string,
  words: LocalText,
  expected: Expected,
  row?: string,
): Experiment['observations'][number] {
  return {
    name,
    text: words,
    value: 'true',
    evidence: 'now.pods',
    expected,
    source: 'facts 7.14',
    ...(row !== undefined && { row }),
  }
}

const WAIT = { wait: 'now.pods.all(p, p.ready)', atMostSeconds: 30 } as const
const KINDS_OF_MAKER = {
  kubelet: text('the kubelet', 'kubelet'),
  controller: text('a controller', '컨트롤러'),
}

export const FAKE_ROWS: ComparisonRow[] = [
  { name: 'created-by', title: text('Created by', '만드는 쪽') },
  {
    name: 'delete-through-api',
    title: text('Can be deleted through the API server', 'API 서버로 지울 수 있는가'),
    note: text('Deleting a mirror only makes the kubelet write another.', '미러를 지우면 kubelet이 다시 쓸 뿐입니다.'),
  },
  {
    name: 'ignored-by-scheduler',
    title: text('Ignored by the kube-scheduler', 'kube-scheduler가 관여하지 않는가'),
    note: text(
      'A static pod never meets it. A DaemonSet’s pod is made for one node, and the scheduler binds it there.',
      '스태틱 파드는 스케줄러를 거치지 않습니다. DaemonSet의 파드는 한 노드를 위해 만들어지고 스케줄러가 그 노드에 묶습니다.',
    ),
  },
  { name: 'restarts', title: text('A crashed container comes back', '죽은 컨테이너가 되살아나는가') },
  { name: 'reaches-new-node', title: text('Reaches a new node by itself', '새 노드에 스스로 나타나는가') },
]

export const FAKE_EXPERIMENTS: Experiment[] = [
  {
    name: 'delete-pod',
    title: text('Delete through the API', 'API로 지우기'),
    question: text(
      'What happens when somebody deletes the agent’s pod with kubectl?',
      '누군가 kubectl로 에이전트 파드를 지우면 어떻게 될까요?',
    ),
    explanation: text(
      'A mirror pod is a reflection: deleting it changes nothing on the node. A DaemonSet’s pod is the thing itself, and its controller makes another.',
      '미러 파드는 비친 모습일 뿐이라 지워도 노드에서는 아무것도 바뀌지 않습니다. DaemonSet의 파드는 실물이고, 컨트롤러가 새로 만듭니다.',
    ),
    seconds: 20,
    workers: 1,
    hypotheses: [
      { name: 'both-anew', text: text('Both come back as new pods', '둘 다 새 파드로 돌아온다'), holds: 'false' },
      {
        name: 'static-stays',
        text: text(
          'The static pod’s container runs on, the DaemonSet’s is a new one',
          '스태틱 파드의 컨테이너는 계속 돌고 DaemonSet의 것은 새것이다',
        ),
        holds: 'true',
      },
      { name: 'both-gone', text: text('Both are gone for good', '둘 다 영영 사라진다'), holds: 'false' },
    ],
    steps: [
      { look: 'steady' },
      {
        act: 'delete-pod',
        text: text('Delete the pod, as kubectl delete pod', '파드를 지우기, kubectl delete pod처럼'),
      },
      { ...WAIT, text: text('Wait until a pod is ready again', '파드가 다시 준비될 때까지 기다리기') },
      { pauseSeconds: 2, text: text('Watch what settles', '가라앉을 때까지 지켜보기') },
    ],
    observations: [
      observation('comes-back', text('Is there a pod again?', '파드가 다시 있는가?'), {
        static: true,
        daemonSet: true,
        deployment: true,
      }),
      observation(
        'stops',
        text('Does deleting it stop its container?', '지우면 컨테이너가 멈추는가?'),
        { static: false, daemonSet: true, deployment: true },
        'delete-through-api',
      ),
      {
        ...observation(
          'made-by',
          text('Who made the pod that is there now?', '지금 있는 파드는 누가 만들었는가?'),
          { static: 'kubelet', daemonSet: 'controller', deployment: 'controller' },
          'created-by',
        ),
        words: KINDS_OF_MAKER,
      },
    ],
  },
  {
    name: 'crash-container',
    title: text('Crash the container', '컨테이너 죽이기'),
    question: text('Who brings a container back that was killed?', '죽은 컨테이너를 누가 되살릴까요?'),
    explanation: text(
      'Restarting is the kubelet’s work on both sides: neither needs the API server for it.',
      '재시작은 양쪽 모두 kubelet의 일이며 API 서버가 없어도 됩니다.',
    ),
    seconds: 15,
    workers: 1,
    hypotheses: [
      { name: 'same', text: text('Both restart in the same pod', '둘 다 같은 파드 안에서 재시작한다'), holds: 'true' },
      {
        name: 'differs',
        text: text('Only the DaemonSet’s pod comes back', 'DaemonSet의 파드만 돌아온다'),
        holds: 'false',
      },
    ],
    steps: [
      { act: 'crash-container', text: text('SIGKILL to the container’s process', '컨테이너 프로세스에 SIGKILL') },
      { ...WAIT, text: text('Wait until it runs again', '다시 실행될 때까지 기다리기') },
    ],
    observations: [
      observation('restarts', text('How many restarts does the pod count?', '파드가 세는 재시작은 몇 번인가?'), {
        static: 1,
        daemonSet: 1,
        deployment: 1,
      }),
      observation(
        'same-pod',
        text('Is it the same pod as before?', '전과 같은 파드인가?'),
        { static: true, daemonSet: true, deployment: true },
        'restarts',
      ),
    ],
  },
  {
    name: 'stop-scheduler',
    title: text('Stop the scheduler', '스케줄러 멈추기'),
    question: text(
      'Which agents start while there is no kube-scheduler?',
      'kube-scheduler가 없을 때 어떤 에이전트가 시작될까요?',
    ),
    explanation: text(
      'The kubelet starts static pods by itself. A DaemonSet’s new pod has a node in its affinity, and waits for somebody to bind it.',
      '스태틱 파드는 kubelet이 스스로 시작합니다. DaemonSet의 새 파드는 어피니티에 노드가 적혀 있지만 누군가 묶어 줄 때까지 기다립니다.',
    ),
    seconds: 40,
    workers: 1,
    hypotheses: [
      { name: 'only-static', text: text('Only the static pod starts', '스태틱 파드만 시작한다'), holds: 'true' },
      {
        name: 'both',
        text: text('Both start: neither needs the scheduler', '둘 다 시작한다. 스케줄러가 필요 없다'),
        holds: 'false',
      },
    ],
    steps: [
      {
        act: 'stop-component',
        component: 'kube-scheduler',
        text: text('Move the scheduler’s manifest away', '스케줄러의 매니페스트를 치우기'),
      },
      { act: 'remove-definition', text: text('Remove the agents’ definitions', '에이전트 정의를 없애기') },
      { act: 'make-definition', text: text('Make them anew', '다시 만들기') },
      { pauseSeconds: 3, text: text('Watch who starts', '누가 시작하는지 지켜보기') },
    ],
    observations: [
      observation(
        'starts',
        text('Does its pod start without the scheduler?', '스케줄러 없이 파드가 시작되는가?'),
        { static: true, daemonSet: false, deployment: false },
        'ignored-by-scheduler',
      ),
    ],
  },
  {
    name: 'add-node',
    title: text('Add a node', '노드 추가하기'),
    question: text('Does the agent come to a new node by itself?', '새 노드에 에이전트가 스스로 나타날까요?'),
    explanation: text(
      'The DaemonSet controller watches nodes. A file is only where somebody puts it.',
      'DaemonSet 컨트롤러는 노드를 지켜봅니다. 파일은 누가 놓은 곳에만 있습니다.',
    ),
    seconds: 60,
    workers: 3,
    hypotheses: [],
    steps: [
      { act: 'add-node', text: text('Add a worker', '워커 추가하기') },
      { ...WAIT, text: text('Wait for its agents', '그 노드의 에이전트를 기다리기') },
    ],
    observations: [
      observation(
        'on-new-node',
        text('Is there an agent on the new node?', '새 노드에 에이전트가 있는가?'),
        { static: false, daemonSet: true },
        'reaches-new-node',
      ),
    ],
  },
]

/** What a fake run finds where it is not what is expected: for the look of it. */
export const FAKE_SURPRISES: Readonly<Record<string, Expected>> = {
  'stop-scheduler/starts': { daemonSet: true },
  'delete-pod/comes-back': { daemonSet: false },
}
