import { join } from 'node:path';
import { systemClock } from '#src/base/index.js';
import { type ControlClient, createControlClient } from '#src/control/index.js';
import { loadSealer, openLocalCa } from '#src/security/index.js';
import type { Authority } from './authority.js';
import { lamp, sensor } from './cast.js';
import { type Company, isListening, textOf } from './company.js';
import { lanInterface } from './home-network.js';

/** The gateway as whoever operates it sees it. */
export interface GatewayProgram {
  readonly door: ControlClient;
  readonly socket: string;
  /** Its own DevId. */
  readonly devId: string;
  /** Where triggers go: for itself, for the lamp and for the sensor, each by another way. */
  readonly reach: { readonly https: string; readonly udp: string; readonly mqtt: string };
  /** Its own broker for devices, as an address. */
  readonly broker: string;
}

/** Where the gateway will live. */
export interface GatewayHome {
  readonly state: string;
  /** The file of its authority, PEM. */
  readonly ca: string;
}

/** What the gateway is called in topics. */
const topicName = 'demo';

/** Makes the gateway's authority before the gateway, as it would: DM servers are to trust it when they start. */
export async function prepareGateway({ folder }: Pick<Company, 'folder'>): Promise<GatewayHome> {
  const state = folder.place('gateway');
  await openLocalCa({ directory: state, clock: systemClock, sealer: loadSealer({ directory: state, env: process.env }) });
  return { state, ca: join(state, 'ca.pem') };
}

export interface GatewaySurroundings {
  readonly servers: readonly Authority[];
  /** The MQTT broker, as an address. */
  readonly broker: string;
  /** Whether there is a LAN. */
  readonly lan: boolean;
  /** A folder for every raw message of both legs. */
  readonly record?: string | undefined;
}

export async function startGateway(company: Company, { state }: GatewayHome, around: GatewaySurroundings): Promise<GatewayProgram> {
  const config = company.folder.write('gateway.yaml', JSON.stringify(configOf(around)));
  const recording = around.record === undefined ? [] : ['--record', around.record];
  const { ready, before } = await company.start(
    'gateway',
    ['run', '--config', config, '--state', state, '--json', ...recording],
    isListening,
  );
  const socket = textOf(ready, 'socket');
  const broker = before.find(({ msg }) => msg === 'the broker listens') ?? {};
  const mqtt = `mqtt:${topicName}/${encodeURIComponent(sensor.id)}`;
  return {
    door: createControlClient({ socket }),
    socket,
    devId: textOf(ready, 'devId'),
    reach: { ...listenersOf(ready['triggers']), mqtt },
    broker: textOf(broker, 'url'),
  };
}

/** Ports that are free: the demo never meets another program. JSON is YAML too. */
function configOf({ servers, broker, lan }: GatewaySurroundings): object {
  return {
    ...(lan ? { discovery: { ssdp: { interfaces: [lanInterface] } } } : {}),
    south: { port: 0 },
    north: { trust: servers.map(({ ca }) => ca) },
    transparent: { port: 0 },
    broker: { port: 0 },
    presence: { settle: '500ms', grace: '1s' },
    triggers: {
      https: { port: 0 },
      udp: { port: 0, devices: [{ id: lamp.id, port: 0 }] },
      mqtt: { url: broker, gateway: topicName, allowPlain: true },
    },
  };
}

/** The gateway says where it listens: https, then UDP for itself and for each device. */
function listenersOf(addresses: unknown): { https: string; udp: string } {
  const [https, , udp] = Array.isArray(addresses) ? addresses.map(String) : [];
  if (https === undefined || udp === undefined) throw new Error('the gateway listens for no triggers');
  return { https: `${https}gateway`, udp };
}
