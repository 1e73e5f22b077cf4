import { type Account, type DeviceDeclaration, type DeviceFacts, gatewayOwner } from '#src/gateway/index.js';

/** The DevId of the one at this place; in their order the ids are sorted. */
export function sampleId(at: number): string {
  return `urn:imei:49015420${String(at).padStart(7, '0')}`;
}

/** What a device says of itself. */
export const sampleFacts: DeviceFacts = {
  address: '192.0.2.17',
  manufacturer: 'Maker',
  model: 'Lamp',
  firmware: '1.2.3',
  dmVersion: '1.2',
  language: 'en',
};

/** A device as an operator adds it, without its id. */
export const sampleDevice: DeviceDeclaration = {
  id: '',
  mode: 'proxy',
  origin: 'added',
  south: {
    scheme: 'md5',
    userName: 'device',
    clientSecret: { kind: 'digest', value: 'ZGV2aWNl' },
    serverSecret: { kind: 'password', value: 'ours' },
  },
  allowPlainHttp: false,
  polling: 'always',
};

/** The gateway's own, at a server that hears of every device. */
export const sampleAccount: Account = {
  owner: gatewayOwner,
  serverId: 'operator',
  name: 'Operator',
  address: 'https://dm.example/dm',
  scheme: 'md5',
  userName: 'gateway',
  clientSecret: { kind: 'password', value: 'north' },
  encoding: 'xml',
  allowPlainHttp: false,
  correlation: 'all',
  priority: 100,
  origin: 'added',
};
