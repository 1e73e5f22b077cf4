import { gatewayChecks } from './checks/gateway-checks.js';
import { smallServerChecks } from './checks/small-server-checks.js';
import { type ConfigurationWarning, gatewayWarnings, smallServerWarnings } from './checks/warnings.js';
import { type GatewayConfig, gatewaySchema } from './gateway-config.js';
import { toJsonSchema } from './json-schema.js';
import { type Declaration, loadDeclared } from './reading/load.js';
import { showParsed } from './show.js';
import { type SmallServerConfig, smallServerSchema } from './small-server-config.js';

/** Where secrets of the form `{ env: NAME }` come from. */
export type Environment = Readonly<Record<string, string | undefined>>;

const gateway: Declaration<ReturnType<typeof gatewaySchema>> = { schema: gatewaySchema, checks: gatewayChecks };
const smallServer: Declaration<ReturnType<typeof smallServerSchema>> = { schema: smallServerSchema, checks: smallServerChecks };
/** For what needs the keys and no values. */
const nowhere = { directory: '/', environment: {} };

/** The gateway's configuration; without a path every key has its default. @throws ConfigurationError with every mistake at once */
export function loadGatewayConfig(path: string | undefined, environment: Environment = process.env): GatewayConfig {
  return loadDeclared(gateway, path, environment).config;
}

/** The small DM server's configuration. @throws ConfigurationError with every mistake at once */
export function loadSmallServerConfig(path: string | undefined, environment: Environment = process.env): SmallServerConfig {
  return loadDeclared(smallServer, path, environment).config;
}

/** Loads the gateway's file and says what is allowed in it and better otherwise. @throws ConfigurationError */
export function checkGatewayConfig(path: string, environment: Environment = process.env): ConfigurationWarning[] {
  const { config, source } = loadDeclared(gateway, path, environment);
  return gatewayWarnings(config, source);
}

/** The same for the small DM server's file. @throws ConfigurationError */
export function checkSmallServerConfig(path: string, environment: Environment = process.env): ConfigurationWarning[] {
  const { config, source } = loadDeclared(smallServer, path, environment);
  return smallServerWarnings(config, source);
}

/** What is in force, as plain data that the file could have; secrets say where they come from and never what they are. */
export function showConfig(config: GatewayConfig): Record<string, unknown> {
  return showParsed(gatewayKeys(), config) as Record<string, unknown>;
}

/** The gateway's keys, for {@link describe}. */
export function gatewayKeys() {
  return gatewaySchema(nowhere);
}

/** The small DM server's keys, for {@link describe}. */
export function smallServerKeys() {
  return smallServerSchema(nowhere);
}

/** The JSON Schema of the gateway's file. */
export function gatewayJsonSchema(): Record<string, unknown> {
  return toJsonSchema(gatewayKeys(), 'Postern gateway configuration');
}
