/** Schema of `core/v1` Container and what it is made of (Kubernetes 1.35). */
import {
  array,
  atomic,
  BOOLEAN,
  INT32,
  INT64,
  INT_OR_STRING,
  map,
  mergedBy,
  object,
  oneOf,
  pointer,
  QUANTITY,
  required,
  sharedBy,
  STRING,
} from './field-schema.ts'

export const OBJECT_FIELD_SELECTOR = atomic(
  object('ObjectFieldSelector', { apiVersion: STRING, fieldPath: required(STRING) }),
)

export const RESOURCE_FIELD_SELECTOR = atomic(
  object('ResourceFieldSelector', { containerName: STRING, resource: required(STRING), divisor: QUANTITY }),
)

export const RESOURCE_REQUIREMENTS = object('ResourceRequirements', {
  limits: map(QUANTITY),
  requests: map(QUANTITY),
  claims: sharedBy(['name'], object('ResourceClaim', { name: required(STRING), request: STRING })),
})

export const SELINUX_OPTIONS = object('SELinuxOptions', { user: STRING, role: STRING, type: STRING, level: STRING })

export const SECCOMP_PROFILE = object('SeccompProfile', {
  type: required(oneOf('RuntimeDefault', 'Unconfined', 'Localhost')),
  localhostProfile: pointer(STRING),
})

export const APPARMOR_PROFILE = object('AppArmorProfile', {
  type: required(oneOf('RuntimeDefault', 'Unconfined', 'Localhost')),
  localhostProfile: pointer(STRING),
})

export const WINDOWS_OPTIONS = object('WindowsSecurityContextOptions', {
  gmsaCredentialSpecName: pointer(STRING),
  gmsaCredentialSpec: pointer(STRING),
  runAsUserName: pointer(STRING),
  hostProcess: pointer(BOOLEAN),
})

const SECURITY_CONTEXT = object('SecurityContext', {
  capabilities: object('Capabilities', { add: array(STRING), drop: array(STRING) }),
  privileged: pointer(BOOLEAN),
  seLinuxOptions: SELINUX_OPTIONS,
  windowsOptions: WINDOWS_OPTIONS,
  runAsUser: pointer(INT64),
  runAsGroup: pointer(INT64),
  runAsNonRoot: pointer(BOOLEAN),
  readOnlyRootFilesystem: pointer(BOOLEAN),
  allowPrivilegeEscalation: pointer(BOOLEAN),
  procMount: pointer(oneOf('Default', 'Unmasked')),
  seccompProfile: SECCOMP_PROFILE,
  appArmorProfile: APPARMOR_PROFILE,
})

/** One key of a ConfigMap or Secret: one owner for all of it. */
const KEY_SELECTOR_FIELDS = { name: STRING, key: required(STRING), optional: pointer(BOOLEAN) }

const ENV_VAR = object('EnvVar', {
  name: required(STRING),
  value: STRING,
  valueFrom: object('EnvVarSource', {
    fieldRef: OBJECT_FIELD_SELECTOR,
    resourceFieldRef: RESOURCE_FIELD_SELECTOR,
    configMapKeyRef: atomic(object('ConfigMapKeySelector', KEY_SELECTOR_FIELDS)),
    secretKeyRef: atomic(object('SecretKeySelector', KEY_SELECTOR_FIELDS)),
    fileKeyRef: atomic(
      object('FileKeySelector', {
        volumeName: required(STRING),
        path: required(STRING),
        key: required(STRING),
        optional: pointer(BOOLEAN),
      }),
    ),
  }),
})

const ENV_FROM = object('EnvFromSource', {
  prefix: STRING,
  configMapRef: object('ConfigMapEnvSource', { name: STRING, optional: pointer(BOOLEAN) }),
  secretRef: object('SecretEnvSource', { name: STRING, optional: pointer(BOOLEAN) }),
})

const EXEC = object('ExecAction', { command: array(STRING) })

const HTTP_GET = object('HTTPGetAction', {
  path: STRING,
  port: INT_OR_STRING,
  host: STRING,
  scheme: oneOf('HTTP', 'HTTPS'),
  httpHeaders: array(object('HTTPHeader', { name: required(STRING), value: required(STRING) })),
})

const TCP_SOCKET = object('TCPSocketAction', { port: INT_OR_STRING, host: STRING })

const PROBE = object('Probe', {
  exec: EXEC,
  httpGet: HTTP_GET,
  tcpSocket: TCP_SOCKET,
  grpc: object('GRPCAction', { port: required(INT32), service: pointer(STRING) }),
  initialDelaySeconds: INT32,
  timeoutSeconds: INT32,
  periodSeconds: INT32,
  successThreshold: INT32,
  failureThreshold: INT32,
  terminationGracePeriodSeconds: pointer(INT64),
})

const LIFECYCLE_HANDLER = object('LifecycleHandler', {
  exec: EXEC,
  httpGet: HTTP_GET,
  tcpSocket: TCP_SOCKET,
  sleep: object('SleepAction', { seconds: required(INT64) }),
})

export const CONTAINER = object('Container', {
  name: required(STRING),
  image: STRING,
  command: array(STRING),
  args: array(STRING),
  workingDir: STRING,
  ports: {
    ...mergedBy(
      ['containerPort'],
      object('ContainerPort', {
        name: STRING,
        hostPort: INT32,
        containerPort: required(INT32),
        protocol: oneOf('TCP', 'UDP', 'SCTP'),
        hostIP: STRING,
      }),
    ),
    listMapKeys: ['containerPort', 'protocol'],
  },
  envFrom: array(ENV_FROM),
  env: mergedBy(['name'], ENV_VAR),
  resources: RESOURCE_REQUIREMENTS,
  resizePolicy: array(
    object('ContainerResizePolicy', { resourceName: required(STRING), restartPolicy: required(STRING) }),
  ),
  restartPolicy: pointer(oneOf('Always', 'OnFailure', 'Never')),
  restartPolicyRules: array(
    object('ContainerRestartRule', {
      action: STRING,
      exitCodes: object('ContainerRestartRuleOnExitCodes', {
        operator: required(oneOf('In', 'NotIn')),
        values: array(INT32),
      }),
    }),
  ),
  volumeMounts: mergedBy(
    ['mountPath'],
    object('VolumeMount', {
      name: required(STRING),
      readOnly: BOOLEAN,
      recursiveReadOnly: pointer(oneOf('Disabled', 'IfPossible', 'Enabled')),
      mountPath: required(STRING),
      subPath: STRING,
      mountPropagation: pointer(oneOf('None', 'HostToContainer', 'Bidirectional')),
      subPathExpr: STRING,
    }),
  ),
  volumeDevices: mergedBy(
    ['devicePath'],
    object('VolumeDevice', { name: required(STRING), devicePath: required(STRING) }),
  ),
  livenessProbe: PROBE,
  readinessProbe: PROBE,
  startupProbe: PROBE,
  lifecycle: object('Lifecycle', {
    postStart: LIFECYCLE_HANDLER,
    preStop: LIFECYCLE_HANDLER,
    stopSignal: pointer(STRING),
  }),
  terminationMessagePath: STRING,
  terminationMessagePolicy: oneOf('File', 'FallbackToLogsOnError'),
  imagePullPolicy: oneOf('Always', 'IfNotPresent', 'Never'),
  securityContext: SECURITY_CONTEXT,
  stdin: BOOLEAN,
  stdinOnce: BOOLEAN,
  tty: BOOLEAN,
})

export const EPHEMERAL_CONTAINER = object('EphemeralContainer', {
  ...CONTAINER.fields,
  targetContainerName: STRING,
})
