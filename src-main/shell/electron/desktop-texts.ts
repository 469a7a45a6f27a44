/** What the app says outside of its window: menus, tray, notifications, dialogs. */
import type { Locale } from '../../common/settings/settings.ts'
import type { TrayState } from './compute-tray-state.ts'

export interface DesktopTexts {
  menus: { file: string; edit: string; view: string; window: string }
  about: string
  settings: string
  diagnostics: string
  board: string
  timeline: string
  closeWindow: string
  quit: string
  undo: string
  redo: string
  cut: string
  copy: string
  paste: string
  selectAll: string
  zoomIn: string
  zoomOut: string
  zoomReset: string
  fullScreen: string
  minimize: string
  front: string
  services: string
  hide: string
  hideOthers: string
  showAll: string
  show: string
  states: Record<TrayState, string>
  crashLoop(pod: string, node: string): { title: string; body: string }
  nodeNotReady(node: string, lab: string): { title: string; body: string }
  taskEnded(task: string, subject: string, failure: string | undefined): { title: string; body: string }
  tasks: Record<string, string>
  couldNotStart: string
}

const en: DesktopTexts = {
  menus: { file: 'File', edit: 'Edit', view: 'View', window: 'Window' },
  about: 'About Node Lab',
  settings: 'Settings…',
  diagnostics: 'Diagnostics',
  board: 'Board',
  timeline: 'Timeline',
  closeWindow: 'Close Window',
  quit: 'Quit Node Lab',
  undo: 'Undo',
  redo: 'Redo',
  cut: 'Cut',
  copy: 'Copy',
  paste: 'Paste',
  selectAll: 'Select All',
  zoomIn: 'Zoom In',
  zoomOut: 'Zoom Out',
  zoomReset: 'Actual Size',
  fullScreen: 'Full Screen',
  minimize: 'Minimize',
  front: 'Bring All to Front',
  services: 'Services',
  hide: 'Hide Node Lab',
  hideOthers: 'Hide Others',
  showAll: 'Show All',
  show: 'Show Node Lab',
  states: {
    idle: 'No lab is running',
    busy: 'A lab is starting or stopping',
    running: 'Labs are running',
    trouble: 'Something in a lab does not run as it should',
  },
  crashLoop: (pod, node) => ({
    title: `${pod} keeps crashing`,
    body: `A container of it on ${node} has ended again; the kubelet waits before the next try.`,
  }),
  nodeNotReady: (node, lab) => ({
    title: `${node} is not ready`,
    body: `The API server of the lab "${lab}" hears nothing good from its kubelet.`,
  }),
  taskEnded: (task, subject, failure) =>
    failure === undefined
      ? { title: `${task}: done`, body: subject }
      : { title: `${task}: failed`, body: `${subject}: ${failure}` },
  tasks: {
    'lab-up': 'Starting the lab',
    'lab-down': 'Stopping the lab',
    'lab-delete': 'Deleting the lab',
    'node-add': 'Adding a node',
    'node-remove': 'Removing a node',
    'node-start': 'Starting a node',
    'node-stop': 'Stopping a node',
    'node-drain': 'Draining a node',
    'node-settings': 'Changing settings of a node',
    experiment: 'Running an experiment',
  },
  couldNotStart: 'Node Lab could not start',
}

const ko: DesktopTexts = {
  menus: { file: '파일', edit: '편집', view: '보기', window: '창' },
  about: 'Node Lab 정보',
  settings: '설정…',
  diagnostics: '진단',
  board: '보드',
  timeline: '타임라인',
  closeWindow: '창 닫기',
  quit: 'Node Lab 종료',
  undo: '실행 취소',
  redo: '다시 실행',
  cut: '잘라내기',
  copy: '복사',
  paste: '붙여넣기',
  selectAll: '모두 선택',
  zoomIn: '확대',
  zoomOut: '축소',
  zoomReset: '실제 크기',
  fullScreen: '전체 화면',
  minimize: '최소화',
  front: '모두 앞으로 가져오기',
  services: '서비스',
  hide: 'Node Lab 가리기',
  hideOthers: '기타 가리기',
  showAll: '모두 보기',
  show: 'Node Lab 열기',
  states: {
    idle: '실행 중인 랩이 없습니다',
    busy: '랩을 시작하거나 멈추는 중입니다',
    running: '랩이 실행 중입니다',
    trouble: '랩에 제대로 실행되지 않는 것이 있습니다',
  },
  crashLoop: (pod, node) => ({
    title: `${pod} 파드가 계속 비정상 종료됩니다`,
    body: `${node}에서 컨테이너가 다시 끝났습니다. kubelet이 잠시 기다렸다가 다시 시작합니다.`,
  }),
  nodeNotReady: (node, lab) => ({
    title: `${node} 노드가 준비되지 않았습니다`,
    body: `"${lab}" 랩의 API 서버가 이 노드의 kubelet에서 정상 상태를 받지 못하고 있습니다.`,
  }),
  taskEnded: (task, subject, failure) =>
    failure === undefined
      ? { title: `${task}: 완료`, body: subject }
      : { title: `${task}: 실패`, body: `${subject}: ${failure}` },
  tasks: {
    'lab-up': '랩 시작',
    'lab-down': '랩 멈춤',
    'lab-delete': '랩 삭제',
    'node-add': '노드 추가',
    'node-remove': '노드 제거',
    'node-start': '노드 시작',
    'node-stop': '노드 멈춤',
    'node-drain': '노드 비우기',
    'node-settings': '노드 설정 바꾸기',
    experiment: '실험 진행',
  },
  couldNotStart: 'Node Lab을 시작하지 못했습니다',
}

export const DESKTOP_TEXTS: Readonly<Record<Locale, DesktopTexts>> = { en, ko }
