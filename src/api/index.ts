export { controlApi } from './control-api.js';
export { type DiagnosticsSources, makeBundle, metricsNow } from './diagnostics.js';
export type { RunningSources } from './diagnostics-service.js';
export { type GatewayGaugesParts, gatewayGauges } from './gateway-gauges.js';
export { createGatewayService, type GatewayServiceParts } from './gateway-service.js';
export { type GaugeReadings, MetricsPage } from './metrics-page.js';
export { smallServerApi } from './small-server-api.js';
export { createSmallServerService } from './small-server-service.js';
