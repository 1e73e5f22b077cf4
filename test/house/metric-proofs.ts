import type { MetricName } from '#src/base/index.js';

const page = 'api/metrics-are-served-exactly-as-the-table-says.test.ts';
const gauges = 'api/each-gauge-shows-what-is-there-now.test.ts';
const counted = 'gateway/what-happens-is-counted.test.ts';
const door = 'transport/what-a-door-refuses-is-counted-and-told-once.test.ts';
const overload = 'e2e/a-gateway-that-is-full-says-so-stays-alive-and-recovers.test.ts';
const broker = 'broker/what-the-broker-refuses-is-counted.test.ts';

/** For each metric the test that sees it change, below `test`; it names the metric. */
export const metricProofs: Readonly<Record<MetricName, string>> = {
  postern_build_info: page,
  postern_uptime_seconds: gauges,
  postern_ready: gauges,
  postern_resident_memory_bytes: gauges,
  postern_event_loop_delay_p99_seconds: 'programs/gateway/late-timers-are-noticed.test.ts',
  postern_sessions_open: gauges,
  postern_sessions_started_total: counted,
  postern_sessions_ended_total: counted,
  postern_authentication_failures_total: counted,
  postern_logins_refused_total: 'gateway/who-guesses-is-not-looked-at-and-keeps-nobody-out.test.ts',
  postern_messages_refused_total: counted,
  postern_requests_refused_total: door,
  postern_connections_refused_total: door,
  postern_limits_met_total: 'gateway/what-happens-is-counted.test.ts',
  postern_overload_level: overload,
  postern_pressure_ratio: overload,
  postern_shed_total: 'programs/gateway/new-work-is-shed-first-and-taken-again-when-there-is-room.test.ts',
  postern_triggers_total: counted,
  postern_triggers_pending: gauges,
  postern_outbox_pending: gauges,
  postern_servers_away: gauges,
  postern_reports_settled_total: counted,
  postern_devices: gauges,
  postern_discovery_dropped_total: 'discovery/ssdp/what-is-dropped-is-counted.test.ts',
  postern_broker_refused_total: broker,
  postern_broker_denied_total: broker,
  postern_broker_dropped_total: broker,
  postern_broker_throttled_total: broker,
  postern_broker_connections: 'programs/gateway/the-broker-opens-as-it-is-configured.test.ts',
};
