import type { SouthCredentials, TriggerPolicy } from '#src/gateway/index.js';
import { declareDevice, deviceId, mutual } from '../gateway-under-test.js';
import { openSite } from './trigger-site.js';

export interface Sent {
  readonly address: string;
  readonly port: number;
  readonly bytes: Uint8Array;
}

export interface Published {
  readonly device: string;
  readonly leaf: string;
  readonly payload: Uint8Array;
  readonly options?: object | undefined;
}

export interface ToldOptions {
  readonly trigger?: TriggerPolicy | undefined;
  readonly south?: SouthCredentials;
  readonly mode?: 'proxy' | 'transparent';
  readonly address?: string | undefined;
  readonly encrypted?: boolean;
}

/** A device that a server may ask for, and what goes to it by each wire. */
export async function openTold(options: ToldOptions = {}) {
  const { trigger, address } = { trigger: { by: 'udp', port: 4000 } as const, address: '192.0.2.7', ...options };
  const { south = mutual, mode = 'proxy', encrypted } = options;
  const sent: Sent[] = [];
  const published: Published[] = [];
  const deviceWires = {
    send: (to: string, port: number, bytes: Uint8Array) => void sent.push({ address: to, port, bytes }),
    publisher: () => ({
      publish: (device: string, leaf: string, payload: Uint8Array, how?: object) =>
        void published.push({ device, leaf, payload, options: how }),
    }),
  };
  const secure = encrypted === undefined ? {} : { encrypted };
  const site = await openSite({}, { deviceWires, ...secure });
  const { under } = site;
  declareDevice(under, [site.server], { polling: 'never', mode, south, ...(trigger === undefined ? {} : { trigger }) });
  under.store.inventory.attach(deviceId);
  if (address !== undefined) under.store.inventory.recordContact(deviceId, { address }, under.clock.now());
  const presence = () => under.store.inventory.find(deviceId)?.presence;
  const receive = (sessionId: string) => under.gateway.triggers.receive(deviceId, site.trigger(sessionId, deviceId), 'mqtt');
  return { ...site, sent, published, receive, presence };
}
