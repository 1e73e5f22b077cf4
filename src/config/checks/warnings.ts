import type { GatewayConfig } from '../gateway-config.js';
import { formatKey, type KeyPath } from '../reading/key-path.js';
import type { YamlSource } from '../reading/yaml-source.js';
import type { SmallServerConfig } from '../small-server-config.js';
import { ConfiguredSecret } from '../values/secret.js';

/** Something that is allowed and better otherwise. */
export interface ConfigurationWarning {
  readonly file: string;
  readonly line: number;
  readonly key: string;
  readonly message: string;
}

type Advice = readonly [path: KeyPath, advice: string];

/** What a careful operator would change in a gateway's file that has no mistake. */
export function gatewayWarnings(config: GatewayConfig, source: YamlSource): ConfigurationWarning[] {
  return toWarnings(source, [
    ...plainEndpoints(config),
    ...forwardProxy(config),
    ...plainMqtt(config),
    ...plainPermissions(config),
    ...inlineSecrets(config),
  ]);
}

/** The same for the small DM server's file. */
export function smallServerWarnings(config: SmallServerConfig, source: YamlSource): ConfigurationWarning[] {
  return toWarnings(source, inlineSecrets(config));
}

function plainEndpoints({ south }: GatewayConfig): Advice[] {
  const plain: Advice[] = south.tls
    ? []
    : [[['south', 'tls'], 'devices speak plain http to the gateway: anybody on the way can read and change it']];
  return south.plainPort === undefined
    ? plain
    : [...plain, [['south', 'plainPort'], 'opens a port without https; remove it when the last device that needs it is gone']];
}

const idleAddress = 'has no effect: only a device with mode: transparent is known by its address';

function forwardProxy({ transparent, devices }: GatewayConfig): Advice[] {
  const byAddress = devices.flatMap(({ fromAddress, mode }, index): Advice[] => {
    const advice = mode === 'transparent' ? 'lets whoever takes this address on the LAN out in the name of the device' : idleAddress;
    return fromAddress === undefined ? [] : [[['devices', index, 'fromAddress'], advice]];
  });
  if (transparent.port === undefined || transparent.tls) return byAddress;
  return [[['transparent', 'port'], 'takes passwords of devices unencrypted; transparent.tls: true keeps them off the LAN'], ...byAddress];
}

function plainMqtt({ broker }: GatewayConfig): Advice[] {
  if (broker.port === undefined || broker.tls || !broker.allowPlain) return [];
  return [
    [
      ['broker', 'allowPlain'],
      'lets passwords of devices and all they publish travel unencrypted; broker.tls: true keeps them off the LAN',
    ],
  ];
}

function plainPermissions(config: GatewayConfig): Advice[] {
  const advice = 'lets passwords, or digests of them, travel unencrypted';
  const owners: [KeyPath, { allowPlainHttp: boolean }][] = [
    ...entries(['accounts'], config.accounts),
    ...entries(['devices'], config.devices),
    ...config.devices.flatMap((device, index) => entries(['devices', index, 'accounts'], device.accounts)),
  ];
  return owners.filter(([, owner]) => owner.allowPlainHttp).map(([path]) => [[...path, 'allowPlainHttp'], advice]);
}

function entries<T>(path: KeyPath, list: readonly T[]): [KeyPath, T][] {
  return list.map((entry, index) => [[...path, index], entry]);
}

function inlineSecrets(value: unknown, path: KeyPath = []): Advice[] {
  if (value instanceof ConfiguredSecret) return value.inline ? [[path, inlineAdvice]] : [];
  if (Array.isArray(value)) return value.flatMap((entry, index) => inlineSecrets(entry, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => inlineSecrets(inner, [...path, key]));
}

const inlineAdvice = 'has its secret in the configuration file; { file: path } or { env: NAME } keeps it out of copies and backups';

function toWarnings(source: YamlSource, advices: readonly Advice[]): ConfigurationWarning[] {
  return advices.map(([path, advice]) => {
    const { file, line } = source.problem({ path, found: '', allowed: '' });
    const key = formatKey(path);
    return { file, line, key, message: `${key} ${advice}` };
  });
}
