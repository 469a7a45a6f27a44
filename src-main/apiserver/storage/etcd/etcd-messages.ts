/** What is used of etcd's API (etcd 3.5: rpc.proto, kv.proto). Keys and values are texts here: on the wire both are bytes. */
import { enumeration, message, repeated } from '../../../base/protobuf.ts'

const HEADER = message('ResponseHeader', { clusterId: [1, 'int64'], revision: [3, 'int64'] })

export const KEY_VALUE = message('KeyValue', {
  key: [1, 'string'],
  createRevision: [2, 'int64'],
  modRevision: [3, 'int64'],
  value: [5, 'string'],
})

const RANGE_REQUEST = message('RangeRequest', {
  key: [1, 'string'],
  rangeEnd: [2, 'string'],
  limit: [3, 'int64'],
  revision: [4, 'int64'],
  keysOnly: [8, 'bool'],
})

const RANGE_RESPONSE = message('RangeResponse', {
  header: [1, HEADER],
  kvs: [2, repeated(KEY_VALUE)],
  count: [4, 'int64'],
})

const REQUEST_OP = message('RequestOp', {
  range: [1, RANGE_REQUEST],
  put: [2, message('PutRequest', { key: [1, 'string'], value: [2, 'string'], lease: [3, 'int64'] })],
  deleteRange: [3, message('DeleteRangeRequest', { key: [1, 'string'] })],
})

const TXN_REQUEST = message('TxnRequest', {
  compare: [
    1,
    repeated(
      message('Compare', {
        result: [1, enumeration('EQUAL')],
        target: [2, enumeration('VERSION', 'CREATE', 'MOD')],
        key: [3, 'string'],
        modRevision: [6, 'int64'],
      }),
    ),
  ],
  success: [2, repeated(REQUEST_OP)],
  failure: [3, repeated(REQUEST_OP)],
})

const TXN_RESPONSE = message('TxnResponse', {
  header: [1, HEADER],
  succeeded: [2, 'bool'],
  responses: [3, repeated(message('ResponseOp', { range: [1, RANGE_RESPONSE] }))],
})

export const WATCH_REQUEST = message('WatchRequest', {
  create: [
    1,
    message('WatchCreateRequest', {
      key: [1, 'string'],
      rangeEnd: [2, 'string'],
      startRevision: [3, 'int64'],
      progressNotify: [4, 'bool'],
      prevKv: [6, 'bool'],
      fragment: [8, 'bool'],
    }),
  ],
  progress: [3, message('WatchProgressRequest', {})],
})

export const WATCH_RESPONSE = message('WatchResponse', {
  header: [1, HEADER],
  created: [3, 'bool'],
  canceled: [4, 'bool'],
  compactRevision: [5, 'int64'],
  cancelReason: [6, 'string'],
  /** More of the same answer follows. */
  fragment: [7, 'bool'],
  events: [
    11,
    repeated(message('Event', { type: [1, enumeration('PUT', 'DELETE')], kv: [2, KEY_VALUE], prevKv: [3, KEY_VALUE] })),
  ],
})

export const WATCH_PATH = '/etcdserverpb.Watch/Watch'

export const UNARY_METHODS = {
  range: { path: '/etcdserverpb.KV/Range', request: RANGE_REQUEST, response: RANGE_RESPONSE },
  txn: { path: '/etcdserverpb.KV/Txn', request: TXN_REQUEST, response: TXN_RESPONSE },
  compact: {
    path: '/etcdserverpb.KV/Compact',
    request: message('CompactionRequest', { revision: [1, 'int64'] }),
    response: message('CompactionResponse', {}),
  },
  leaseGrant: {
    path: '/etcdserverpb.Lease/LeaseGrant',
    request: message('LeaseGrantRequest', { ttl: [1, 'int64'] }),
    response: message('LeaseGrantResponse', { id: [2, 'int64'], ttl: [3, 'int64'] }),
  },
} as const

export type UnaryMethodName = keyof typeof UNARY_METHODS

/** The first key behind all that begin with `prefix`, whose last character is ASCII. */
export function rangeEndOf(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)
}
