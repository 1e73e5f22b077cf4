export type { ConfigurationWarning } from './checks/warnings.js';
export { describe, type KeyDescription } from './describe.js';
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
export { ConfigurationError, type ConfigurationProblem } from './reading/configuration-error.js';
export { formatYaml } from './reading/yaml-library.js';
export type { SmallServerConfig } from './small-server-config.js';
export { formatDuration, parseDuration } from './values/duration.js';
export type { SecretSource } from './values/secret.js';
export { formatSize, parseSize } from './values/size.js';
export { parseTriggerAddress, type TriggerAddress, triggerAddressForm } from './values/trigger-address.js';
