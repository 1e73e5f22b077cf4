import { type ControlClient, createControlClient } from '#src/control/index.js';
import { type Authority, enrol, startAuthority } from './authority.js';
import { enterpriseId, lamp, operatorId, type Role } from './cast.js';
import { Company, type CompanyOptions, isListening, textOf } from './company.js';
import { DemoDevice } from './demo-device.js';

/** Everything that runs from the start, and what more can be started. */
export interface Stage {
  readonly company: Company;
  readonly operator: Authority;
  readonly enterprise: Authority;
  readonly gateway: GatewayProgram;
  readonly lamp: DemoDevice;
}

/** The gateway as whoever operates it sees it. */
export interface GatewayProgram {
  readonly door: ControlClient;
  readonly socket: string;
  /** Its own DevId. */
  readonly devId: string;
}

export interface StageOptions extends CompanyOptions {
  /** A folder for every raw message of both legs of the gateway. */
  readonly record?: string;
}

/** Two DM servers, the gateway and the first device; whoever starts them closes the company. */
export async function setStage({ record, ...options }: StageOptions): Promise<Stage> {
  const company = new Company(options);
  try {
    const operator = await startAuthority(company, operatorId);
    const enterprise = await startAuthority(company, enterpriseId);
    const gateway = await startGateway(company, [operator, enterprise], record);
    await gateway.door.addAccount({ name: 'Operator', ...(await enrol(operator, gateway.devId)) });
    return { company, operator, enterprise, gateway, lamp: await startLamp(company, operator, gateway) };
  } catch (error) {
    await company.close();
    throw error;
  }
}

async function startGateway(company: Company, servers: readonly Authority[], record: string | undefined): Promise<GatewayProgram> {
  const config = company.folder.write('gateway.yaml', JSON.stringify(gatewayConfig(servers)));
  const recording = record === undefined ? [] : ['--record', record];
  const args = ['run', '--config', config, '--state', company.folder.place('gateway'), '--json', ...recording];
  const { ready } = await company.start('gateway', args, isListening);
  const socket = textOf(ready, 'socket');
  return { door: createControlClient({ socket }), socket, devId: textOf(ready, 'devId') };
}

/** Ports that are free: the demo never meets another program. JSON is YAML too. */
function gatewayConfig(servers: readonly Authority[]): object {
  return { south: { port: 0 }, north: { trust: servers.map(({ ca }) => ca) }, transparent: { port: 0 } };
}

/** The operator knows the lamp and the gateway, each by credentials of its own; the lamp knows only the gateway. */
async function startLamp(company: Company, operator: Authority, gateway: GatewayProgram): Promise<DemoDevice> {
  const account = { name: 'Operator', priority: 1, ...(await enrol(operator, lamp.id)) };
  const added = await gateway.door.addDevice({ ...lamp, accounts: [account] });
  return startDevice(company, lamp, added);
}

/** What a device is bootstrapped with. */
export interface Bootstrap {
  /** TNDS in XML. */
  readonly dmAcc: string;
  /** What it trusts, PEM. */
  readonly trust: string;
}

/** Starts a virtual device; its first session follows at once. */
export async function startDevice(
  company: Company,
  { id, name }: Role,
  { dmAcc, trust }: Bootstrap,
  more: readonly string[] = [],
): Promise<DemoDevice> {
  const { folder } = company;
  const word = name.split(' ')[0]?.toLowerCase() ?? '';
  const bootstrap = ['--bootstrap', folder.write(`${word}-dmacc.xml`, dmAcc), '--trust', folder.write(`${word}-ca.pem`, trust)];
  const args = ['device', '--id', id, '--state', folder.place(word), ...bootstrap, '--json', ...more];
  const { program } = await company.start(`device: ${name}`, args, ({ event }) => event === 'ready');
  return new DemoDevice(id, program);
}
