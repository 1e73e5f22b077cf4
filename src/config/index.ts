export { ConfigurationError, type ConfigurationProblem } from './configuration-error.js';
export { describe, type KeyDescription } from './describe.js';
export { formatDuration, parseDuration } from './duration.js';
export type { AccountSettings, DeviceSettings, GatewayConfig } from './gateway-config.js';
export {
  checkGatewayConfig,
  checkSmallServerConfig,
  type Environment,
  gatewayJsonSchema,
  gatewayKeys,
  loadGatewayConfig,
  loadSmallServerConfig,
  showConfig,
  smallServerKeys,
} from './programs.js';
export type { SecretSource } from './secret.js';
export { formatSize, parseSize } from './size.js';
export type { SmallServerConfig } from './small-server-config.js';
export { parseTriggerAddress, type TriggerAddress, triggerAddressForm } from './trigger-address.js';
export type { ConfigurationWarning } from './warnings.js';
export { formatYaml } from './yaml-library.js';
