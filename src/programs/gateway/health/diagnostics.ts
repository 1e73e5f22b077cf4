import type { DiagnosticsSources, RunningSources } from '#src/api/index.js';
import { type Clock, type Entropy, type ProgramLog, systemClock, systemEntropy } from '#src/base/index.js';
import { type GatewayConfig, showConfig } from '#src/config/index.js';
import type { OpenGatewayStore } from '#src/store/index.js';
import type { Doors } from '../doors/doors.js';

export interface DiagnosticsSourcesParts {
  readonly config: GatewayConfig;
  readonly store: OpenGatewayStore;
  readonly doors: Doors;
  readonly clock: Clock & { readonly doubt: string | undefined };
  readonly entropy: Entropy;
  readonly log: ProgramLog;
  readonly metrics: RunningSources['metrics'];
}

/** Where a bundle of a running gateway is read. */
export function diagnosticsSources({ config, store, doors, clock, entropy, log, metrics }: DiagnosticsSourcesParts): RunningSources {
  const ownTime = () => ({ own: clock.now(), ...(clock.doubt === undefined ? {} : { doubt: clock.doubt }) });
  return {
    ...plainSources({ config, log }),
    clock: ownTime,
    entropy,
    metrics,
    connections: () => doors.counts(),
    database: () => store.look(),
  };
}

/** Where one is read without a database. */
export function plainSources({ config, log }: Pick<DiagnosticsSourcesParts, 'config' | 'log'>): DiagnosticsSources {
  return {
    configuration: () => showConfig(config),
    recentLog: () => log.recent(),
    clock: () => ({ own: systemClock.now() }),
    entropy: systemEntropy,
  };
}
