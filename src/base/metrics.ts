/**
 * Everything that `GET /metrics` tells, by name: what is counted since the start, and what is looked up when somebody asks. Labels have few
 * values, and none comes from a peer. docs/reference/metrics.md is made from this table, and a test holds the endpoint against it.
 * @see https://prometheus.io/docs/practices/naming/
 */
export const metricTable = {
  postern_build_info: { kind: 'gauge', help: 'Always 1; the version that runs.', labels: ['version'] },
  postern_uptime_seconds: { kind: 'gauge', help: 'Seconds since the gateway started.', labels: [] },
  postern_ready: { kind: 'gauge', help: '1 where GET /readyz answers 200, else 0.', labels: [] },
  postern_resident_memory_bytes: { kind: 'gauge', help: 'Memory of the process that is in RAM.', labels: [] },
  postern_event_loop_delay_p99_seconds: {
    kind: 'gauge',
    help: 'How late timers ran since the last scrape, 99th percentile, looked at ten times a second; nothing is measured before the first scrape.',
    labels: [],
  },
  postern_sessions_open: { kind: 'gauge', help: 'Sessions that are open now: south with devices, north with DM servers.', labels: ['leg'] },
  postern_sessions_started_total: {
    kind: 'counter',
    help: 'Sessions begun, those of peers who then could not prove themselves included.',
    labels: ['leg'],
  },
  postern_sessions_ended_total: { kind: 'counter', help: 'Sessions that are over, by how they ended.', labels: ['leg', 'outcome'] },
  postern_authentication_failures_total: {
    kind: 'counter',
    help: 'Sessions that ended because somebody could not prove who they are: a device, a DM server, or the gateway to its peer.',
    labels: ['who'],
  },
  postern_logins_refused_total: {
    kind: 'counter',
    help: 'Credentials of devices that let nobody in: wrong (unproved), or not looked at because too many were wrong before (delayed).',
    labels: ['door', 'outcome'],
  },
  postern_messages_refused_total: {
    kind: 'counter',
    help: 'Messages of devices that no session took: an error code of the message (docs/reference/errors.md), or what else was wrong.',
    labels: ['reason'],
  },
  postern_requests_refused_total: {
    kind: 'counter',
    help: 'HTTP requests that were answered before anything read their message, by the HTTP status.',
    labels: ['door', 'status'],
  },
  postern_connections_refused_total: {
    kind: 'counter',
    help: 'Connections closed as soon as they came, because there were too many, of one address or of all.',
    labels: ['door'],
  },
  postern_limits_met_total: {
    kind: 'counter',
    help: 'Times that somebody met a limit which has no counter of its own, by its key in the configuration (docs/reference/limits.md).',
    labels: ['limit'],
  },
  postern_overload_level: {
    kind: 'gauge',
    help: '0: all is taken; 1: new sessions, polls, ways out and connections to the broker are refused; 2: also messages of no open session and triggers.',
    labels: [],
  },
  postern_pressure_ratio: {
    kind: 'gauge',
    help: 'How near memory, the heap of V8 and the lateness of timers (loop) are to their ceilings; 1 is there. New work is refused from 0.95 to 0.90.',
    labels: ['of'],
  },
  postern_shed_total: { kind: 'counter', help: 'New work that was refused because of overload, by what it was.', labels: ['work'] },
  postern_triggers_total: {
    kind: 'counter',
    help: 'Triggers (Package#0) by what became of them; what is not accepted, joined or relayed is why it was refused.',
    labels: ['verdict', 'carrier'],
  },
  postern_triggers_pending: { kind: 'gauge', help: 'Triggers that no session has answered yet.', labels: [] },
  postern_outbox_pending: { kind: 'gauge', help: 'Reports that wait for a DM server to take them.', labels: [] },
  postern_servers_away: {
    kind: 'gauge',
    help: 'DM servers whose last sessions got no answer: what waits for them waits (waiting), or one session tries whether they are back (tried).',
    labels: ['state'],
  },
  postern_reports_settled_total: {
    kind: 'counter',
    help: 'Reports that DM servers took (delivered), refused for good, or that became too old in a session.',
    labels: ['outcome'],
  },
  postern_devices: { kind: 'gauge', help: 'Devices of the inventory, by where they stand.', labels: ['status'] },
  postern_discovery_dropped_total: {
    kind: 'counter',
    help: 'Datagrams of discovery, or what they announced, that were not taken.',
    labels: ['protocol', 'reason'],
  },
  postern_broker_refused_total: {
    kind: 'counter',
    help: 'Connections that the embedded broker closed or refused, by why; wrong passwords are in postern_logins_refused_total.',
    labels: ['reason'],
  },
  postern_broker_denied_total: {
    kind: 'counter',
    help: 'What devices were not allowed at the embedded broker: to publish there, or a further or strange filter (subscribe).',
    labels: ['what'],
  },
  postern_broker_dropped_total: {
    kind: 'counter',
    help: 'Messages that the embedded broker did not keep: too many waited for a device (queue-full) or were retained (retained-full), or nobody took it in time (too-old).',
    labels: ['reason'],
  },
  postern_broker_throttled_total: {
    kind: 'counter',
    help: 'Packets of devices that the embedded broker read later, because their device sends more than its share.',
    labels: [],
  },
  postern_broker_connections: { kind: 'gauge', help: 'Connections to the embedded broker; 0 where there is none.', labels: [] },
} as const satisfies Record<string, MetricEntry>;

export interface MetricEntry {
  /** A counter rises only, from 0 at the start; a gauge is what it is now. */
  readonly kind: 'counter' | 'gauge';
  readonly help: string;
  readonly labels: readonly string[];
}

export type MetricName = keyof typeof metricTable;
/** A value for each label of the metric. */
export type MetricLabels<Name extends MetricName> = Readonly<Record<(typeof metricTable)[Name]['labels'][number], string>>;
export type CounterName = { [Name in MetricName]: (typeof metricTable)[Name]['kind'] extends 'counter' ? Name : never }[MetricName];
export type GaugeName = Exclude<MetricName, CounterName>;

/** One value of a metric. */
export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
