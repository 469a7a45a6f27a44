/** Korean descriptions of the rights of pods and containers. */
import type { TypeDescriptions } from '@common/api/descriptions/type-descriptions.ts'

/** What pods and containers have alike. */
const SHARED = {
  runAsUser: '명령을 실행할 사용자의 번호(UID)입니다. 없으면 이미지에 정해진 대로입니다.',
  runAsGroup: '명령을 실행할 그룹의 번호(GID)입니다.',
  runAsNonRoot: 'true이면 root로 실행될 컨테이너를 시작하지 않습니다.',
  seccompProfile: '쓸 수 있는 시스템 콜을 정하는 seccomp 프로필입니다.',
  appArmorProfile: 'AppArmor 프로필입니다.',
  seLinuxOptions: 'SELinux 레이블입니다.',
  windowsOptions: 'Windows에서만 쓰는 설정입니다.',
}

const PROFILE = {
  type: '프로필의 종류입니다. RuntimeDefault는 런타임의 기본 프로필, Localhost는 노드에 있는 프로필, Unconfined는 제한 없음입니다.',
  localhostProfile: 'type이 Localhost일 때 쓸 노드의 프로필입니다.',
}

export const SECURITY_DESCRIPTIONS: TypeDescriptions = {
  PodSecurityContext: {
    '': '파드의 컨테이너를 어떤 권한으로 실행할지 정합니다. 컨테이너에 따로 적은 값이 앞섭니다.',
    ...SHARED,
    supplementalGroups: '프로세스가 더 속할 그룹의 번호들입니다.',
    supplementalGroupsPolicy:
      'Merge이면 이미지의 /etc/group에 있는 그룹도 더하고, Strict이면 여기에 적은 그룹만 씁니다.',
    fsGroup: '볼륨의 파일을 소유할 그룹의 번호입니다. 모든 컨테이너의 프로세스도 이 그룹에 속합니다.',
    fsGroupChangePolicy:
      '볼륨에 있는 파일의 소유 그룹을 언제 바꿀지 정합니다. Always는 마운트할 때마다, OnRootMismatch는 맨 위 폴더가 다를 때만 바꿉니다.',
    sysctls: '이 파드에만 적용할 커널 설정입니다.',
    seLinuxChangePolicy: '볼륨에 SELinux 레이블을 다는 방법입니다.',
  },
  SecurityContext: {
    '': '컨테이너를 어떤 권한으로 실행할지 정합니다.',
    ...SHARED,
    capabilities: '더하거나 뺄 리눅스 권한(capability)입니다.',
    privileged: 'true이면 노드의 root가 할 수 있는 일을 모두 할 수 있습니다.',
    readOnlyRootFilesystem: 'true이면 컨테이너의 루트 파일 시스템에 쓸 수 없습니다.',
    allowPrivilegeEscalation: 'false이면 프로세스가 부모보다 많은 권한을 얻을 수 없습니다.',
    procMount: '/proc 가운데 무엇을 가릴지 정합니다.',
  },
  Capabilities: {
    '': '컨테이너에 더하거나 뺄 리눅스 권한(capability)입니다.',
    add: '더할 권한입니다. 예: NET_ADMIN.',
    drop: '뺄 권한입니다. ALL이면 모두 뺍니다.',
  },
  SeccompProfile: { '': '쓸 수 있는 시스템 콜을 정하는 프로필입니다.', ...PROFILE },
  AppArmorProfile: { '': '할 수 있는 일을 제한하는 AppArmor 프로필입니다.', ...PROFILE },
  SELinuxOptions: {
    '': 'SELinux 레이블의 네 부분입니다.',
    user: '레이블의 사용자(user)입니다.',
    role: '레이블의 역할(role)입니다.',
    type: '레이블의 타입(type)입니다.',
    level: '레이블의 수준(level)입니다.',
  },
  WindowsSecurityContextOptions: {
    '': 'Windows에서만 쓰는 권한 설정입니다.',
    gmsaCredentialSpecName: '그룹 관리 서비스 계정(GMSA) 자격 증명 명세의 이름입니다.',
    gmsaCredentialSpec: 'GMSA 자격 증명 명세의 내용입니다.',
    runAsUserName: '명령을 실행할 Windows 사용자의 이름입니다.',
    hostProcess: 'true이면 노드에서 바로 실행되는 HostProcess 컨테이너가 됩니다.',
  },
  Sysctl: {
    '': '커널 설정 하나입니다.',
    name: '설정의 이름입니다. 예: net.core.somaxconn.',
    value: '설정의 값입니다.',
  },
}
