/** Import boundaries (docs/architecture.md, "Who may import whom"): the table of the design, checked. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: '(\\.test\\.ts$|/testing/)' },
  to: { path: '^(src-main|src-renderer|scripts|tests)/', pathNot: allowed },
})

const pkg = (name, packages, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^(src-main|src-renderer)/', pathNot: allowed },
  to: { path: `^node_modules/(${packages})/` },
})

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'A cycle hides which part owns what.',
      from: { path: '^(src-main|src-renderer)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'not-resolvable',
      severity: 'error',
      from: { path: '^(src-main|src-renderer)/', pathNot: '\\.d\\.ts$' },
      to: { couldNotResolve: true },
    },
    only(
      'common-is-closed',
      '^src-main/common/',
      ['^src-main/common/'],
      'common runs anywhere and imports itself only',
    ),
    {
      name: 'common-has-no-node',
      severity: 'error',
      comment: 'common has no Node, no DOM, no I/O',
      from: { path: '^src-main/common/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    only('base', '^src-main/base/', ['^src-main/(base|common)/'], 'base imports common'),
    only('kube', '^src-main/kube/', ['^src-main/(kube|base|common)/'], 'kube imports base and common'),
    only(
      'container-runtime',
      '^src-main/container-runtime/',
      ['^src-main/(container-runtime|kube|base|common)/'],
      'the runtime knows nothing of kubelets and labs',
    ),
    only(
      'kubelet',
      '^src-main/kubelet/',
      [
        '^src-main/(kubelet|kube|base|common)/',
        '^src-main/container-runtime/(cri\\.ts|memory-volumes\\.ts|grpc/|streaming/|simulated/)',
      ],
      'a kubelet sees the runtime through CRI only',
    ),
    ...['apiserver', 'controller-manager', 'scheduler'].map((component) =>
      only(
        component,
        `^src-main/${component}/`,
        [`^src-main/(${component}|kube|base|common)/`],
        'components meet at the API, as in Kubernetes',
      ),
    ),
    only(
      'node',
      '^src-main/node/',
      [
        '^src-main/(node|kubelet|base|common)/',
        '^src-main/container-runtime/(cri\\.ts|grpc/|streaming/)',
        '^src-main/kube/streaming/',
      ],
      'tools on a node',
    ),
    only(
      'lab',
      '^src-main/lab/',
      ['^src-main/(lab|kube|base|common)/', '^src-main/container-runtime/cri\\.ts'],
      'the lab manager starts components; it never calls their code',
    ),
    only(
      'shell',
      '^src-main/(shell/|index\\.ts)',
      ['^src-main/(shell|lab|base|common)/', '^scripts/'],
      'shells drive the lab manager',
    ),
    only(
      'preload',
      '^src-main/preload/',
      ['^src-main/(preload|common)/'],
      'the preload exposes the contract, nothing else',
    ),
    only(
      'renderer',
      '^src-renderer/',
      ['^src-renderer/', '^src-main/common/'],
      'the renderer touches nothing outside by itself',
    ),
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^src-renderer/', pathNot: '(\\.test\\.ts|vite\\..*config\\.ts)$' },
      to: { dependencyTypes: ['core'] },
    },
    pkg(
      'dockerode',
      'dockerode',
      ['^src-main/lab/engine/', '^src-main/container-runtime/docker/'],
      'the engine has two doors',
    ),
    pkg('electron', 'electron', ['^src-main/shell/electron/', '^src-main/preload/'], 'Electron has one door'),
    pkg(
      'grpc',
      '@grpc|protobufjs',
      ['^src-main/container-runtime/grpc/', '^src-main/apiserver/storage/etcd/', '\\.test\\.ts$'],
      'CRI and etcd on the wire',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|resources)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.web.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.vue', '.js', '.json', '.cjs', '.mjs'],
    },
  },
}
