import type { ErrorDetails } from './errors.js';

/**
 * Every field that a line of the log can have. The compiler refuses a log call with another one, docs/reference/log.md is made from this table,
 * and a test holds it against the calls. What is `personal` names somebody's device or where it is: a diagnostics bundle masks it.
 */
export const logFieldTable = {
  // --- Who ---
  device: { kind: 'text', help: 'DevId of a device.', example: 'urn:imei:490154203237518', personal: true },
  serverId: { kind: 'text', help: 'Server id of a DM server.', example: 'operator' },
  owner: { kind: 'text', help: 'Whose account or report it is: `gateway`, or the DevId of a device.', example: 'gateway', personal: true },
  target: {
    kind: 'text',
    help: 'Whom a trigger is for (`gateway` or a DevId), or the host and port that a device asks the forward proxy for.',
    example: 'dm.example.com:443',
    personal: true,
  },
  client: { kind: 'text', help: 'Id of a client of the small DM server.', example: 'urn:imei:490154203237518', personal: true },
  address: { kind: 'text', help: 'IP address of a peer, or where a message went.', example: '192.168.1.20', personal: true },
  source: { kind: 'text', help: 'With `suppressed`: who caused the lines that were left out.', example: '192.168.1.20', personal: true },
  mac: { kind: 'text', help: 'MAC address of a lease.', example: '02:00:5e:10:00:01', personal: true },
  // --- What happened, and why ---
  code: { kind: 'text', help: 'An error of [the table](errors.md), or a word for a state.', example: 'store.full' },
  details: { kind: 'map', help: 'What the sentence of the error `code` has places for.', example: '{"limit":64}' },
  err: { kind: 'error', help: 'A failure: `type`, `message`, `stack` and what else it has.', example: '{"type":"Error","message":"…"}' },
  reason: {
    kind: 'text',
    help: 'How a session ended (`complete`, `silence`, `refused-by-peer`, …), or in one word what was refused.',
    example: 'silence',
  },
  detail: { kind: 'text', help: 'More about the reason, in a sentence.', example: 'the server closed the connection' },
  why: { kind: 'text', help: 'What was wrong, in a sentence.', example: 'two Hosts' },
  what: { kind: 'text', help: 'What a device may not do at the broker.', example: 'publish' },
  status: { kind: 'any', help: 'The HTTP status of an answer, or the SyncML status of a report or session.', example: '503' },
  suppressed: { kind: 'number', help: 'How many lines of the same reason and source were left out in the last minute.', example: '41' },
  by: { kind: 'text', help: 'Which way of discovery found a device, or how it is told of a trigger.', example: 'ssdp' },
  // --- How many ---
  bytes: { kind: 'number', unit: 'bytes', help: 'Size of a message, an answer or a value.', example: '4096' },
  limit: { kind: 'number', help: 'The limit that was met.', example: '64' },
  seconds: { kind: 'number', unit: 'seconds', help: 'How long a DM server did not answer.', example: '3600' },
  expired: { kind: 'number', help: 'How many were given up because they became too old.', example: '3' },
  dropped: { kind: 'map', help: 'How many datagrams were dropped, by reason.', example: '{"too-often":12}' },
  skipped: { kind: 'number', help: 'Lines of a lease file that are no leases.', example: '1' },
  accounts: { kind: 'number', help: 'How many accounts the device has.', example: '0' },
  times: { kind: 'number', help: 'How often a device has been told of a trigger.', example: '2' },
  sends: { kind: 'number', help: 'How often a trigger was sent to a client.', example: '3' },
  epoch: { kind: 'number', help: 'The number of this attachment of the device, from 1.', example: '1' },
  // --- Sessions, reports, triggers ---
  sessionId: { kind: 'text', help: 'The SessionID of the protocol.', example: 'A1B' },
  carrier: { kind: 'text', help: 'How a trigger came.', example: 'mqtt' },
  uiMode: { kind: 'text', help: 'The user interaction mode of a trigger.', example: 'background' },
  initiator: { kind: 'text', help: 'Who wants the session of a trigger.', example: 'server' },
  origin: {
    kind: 'text',
    help: 'What a report is about, as it is kept so that it is queued once.',
    example: 'attached urn:imei:1 1',
    personal: true,
  },
  command: { kind: 'number', help: 'Number of a command of the small DM server.', example: '17' },
  // --- Where ---
  url: { kind: 'text', help: 'Where a door of ours listens, or the MQTT broker that we use.', example: 'https://192.168.1.1:8443/dm' },
  socket: { kind: 'text', help: 'Path of the control socket.', example: '/var/lib/postern/control.sock' },
  addresses: { kind: 'list', help: 'Where devices and triggers are answered 503 in safe mode.', example: '["https://192.168.1.1:8443"]' },
  triggers: { kind: 'list', help: 'Where triggers are taken.', example: '["udp:2948"]' },
  port: { kind: 'number', help: 'A port of ours or of a peer.', example: '2948' },
  listen: { kind: 'text', help: 'The address that we listen on.', example: '0.0.0.0' },
  interface: { kind: 'text', help: 'A network interface.', example: 'br-lan' },
  interfaces: { kind: 'list', help: 'The network interfaces that SSDP is on.', example: '["br-lan"]' },
  method: { kind: 'text', help: 'The HTTP method of a request.', example: 'POST' },
  path: { kind: 'text', help: 'The path of a request, without what makes it that of one session.', example: '/dm' },
  topic: { kind: 'text', help: 'An MQTT topic.', example: 'devices/urn:imei:1/report', personal: true },
  topics: { kind: 'text', help: 'The MQTT topics that we subscribe to.', example: 'trigger/urn:uuid:…' },
  leaf: { kind: 'text', help: 'The last part of the topic of a message for a device.', example: 'trigger' },
  instance: { kind: 'text', help: 'The name that the gateway has on the network by mDNS.', example: 'Postern' },
  taken: { kind: 'text', help: 'A name that somebody else has there.', example: 'Postern' },
  as: { kind: 'text', help: 'The name that the gateway has on the network by SSDP.', example: 'Postern' },
  respond: { kind: 'flag', help: 'Whether searches by SSDP are answered.', example: 'true' },
  // --- Files, the database, the program ---
  state: { kind: 'text', help: 'The state directory.', example: '/var/lib/postern' },
  directory: { kind: 'text', help: 'The folder that messages are recorded in.', example: '/tmp/recorded' },
  file: { kind: 'text', help: 'A file that could not be read or written.', example: '/var/lib/misc/dnsmasq.leases' },
  ca: { kind: 'text', help: 'Certificate of the local CA, a file.', example: '/var/lib/postern/ca.pem' },
  devId: { kind: 'text', help: "The gateway's own DevId.", example: 'urn:uuid:6f1c6f0e-…' },
  copy: {
    kind: 'map',
    help: 'The copy of a damaged database (`file`), or `why` there is none.',
    example: '{"file":"gateway.db.damaged-…"}',
  },
  backup: { kind: 'text', help: 'The copy of the database before it is brought to a new version.', example: 'gateway.db.before-7.bak' },
  from: { kind: 'number', help: 'The version of the database that was found.', example: '6' },
  to: { kind: 'number', help: 'The version that it is brought to.', example: '7' },
  row: { kind: 'text', help: 'A row of the database: its table and key.', example: 'outbox 17', personal: true },
  timer: { kind: 'text', help: 'What was to be done again and again.', example: 'mqtt rights' },
  signal: { kind: 'text', help: 'The signal that ends the program.', example: 'SIGTERM' },
  system: { kind: 'text', help: "The system's clock, ISO 8601.", example: '1970-01-01T00:00:00.000Z' },
  own: { kind: 'text', help: 'The time that the gateway goes by instead, ISO 8601.', example: '2026-11-21T08:00:00.000Z' },
} as const satisfies Record<string, LogFieldEntry>;

export interface LogFieldEntry {
  readonly kind: keyof LogValues;
  readonly help: string;
  /** What a number counts, where it is no count. */
  readonly unit?: string;
  readonly example: string;
  readonly personal?: true;
}

export type LogField = keyof typeof logFieldTable;

/** The fields of one line; what is undefined is not written. */
export type LogFields = { readonly [Name in LogField]?: LogValues[(typeof logFieldTable)[Name]['kind']] | undefined };

/** Takes only fields of the table, also where an object has come a long way: the compiler looks for strange ones in literals alone. */
export type OnlyLogFields<Given extends LogFields> = Given & { readonly [Name in Exclude<keyof Given, LogField>]: never };

interface LogValues {
  readonly text: string;
  readonly number: number;
  readonly flag: boolean;
  readonly list: readonly string[];
  readonly map: ErrorDetails | object;
  readonly error: unknown;
  readonly any: string | number;
}
