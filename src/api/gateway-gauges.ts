import type { MetricSample, OverloadLevel } from '#src/base/index.js';
import type { Gateway, GatewayStore } from '#src/gateway/index.js';
import type { GaugeReadings } from './metrics-page.js';

/** Where a gateway's gauges are read. */
export interface GatewayGaugesParts {
  readonly gateway: Gateway;
  readonly store: GatewayStore;
  readonly version: string;
  /** Seconds since the start. */
  readonly uptime: () => number;
  readonly isReady: () => boolean;
  /** Seconds, 99th percentile since it was last asked. */
  readonly loopDelay: () => number;
  /** How near it is to its ceilings; absent: nobody looks. */
  readonly overload?: { readonly level: OverloadLevel; readonly pressures: readonly { readonly of: string; readonly share: number }[] };
  /** Connections to the embedded broker. */
  readonly brokerConnections: () => number;
}

const levels: readonly OverloadLevel[] = ['none', 'shed', 'refuse'];

/** What the gauges are now; costs a few reads of the database, and opens no secret. */
export function gatewayGauges(parts: GatewayGaugesParts): GaugeReadings {
  const { gateway, store } = parts;
  const sessions = gateway.sessions();
  const open = (leg: string) => ({ labels: { leg }, value: sessions.filter((session) => session.leg === leg).length });
  return {
    postern_build_info: [{ labels: { version: parts.version }, value: 1 }],
    postern_uptime_seconds: plain(parts.uptime()),
    postern_ready: plain(parts.isReady() ? 1 : 0),
    postern_resident_memory_bytes: plain(process.memoryUsage.rss()),
    postern_event_loop_delay_p99_seconds: plain(parts.loopDelay()),
    postern_sessions_open: [open('south'), open('north')],
    postern_overload_level: plain(levels.indexOf(parts.overload?.level ?? 'none')),
    postern_pressure_ratio: (parts.overload?.pressures ?? []).map(({ of, share }) => ({ labels: { of }, value: share })),
    postern_triggers_pending: plain(gateway.triggers.list().length),
    postern_outbox_pending: plain(store.outbox.total()),
    postern_servers_away: Object.entries(gateway.serversAway).map(([state, value]) => ({ labels: { state }, value })),
    postern_devices: [...store.inventory.presences()].map(([status, value]) => ({ labels: { status }, value })),
    postern_broker_connections: plain(parts.brokerConnections()),
  };
}

function plain(value: number): MetricSample[] {
  return [{ labels: {}, value }];
}
