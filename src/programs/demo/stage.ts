import { type Authority, enrol, startAuthority } from './authority.js';
import { enterpriseId, lamp, operatorId, type Role } from './cast.js';
import { Company, type CompanyOptions, textOf } from './company.js';
import { DemoDevice } from './demo-device.js';
import { type GatewayProgram, prepareGateway, startGateway } from './gateway-program.js';

/** Everything that runs from the start, and what more can be started. */
export interface Stage {
  readonly company: Company;
  readonly operator: Authority;
  readonly enterprise: Authority;
  readonly gateway: GatewayProgram;
  readonly lamp: DemoDevice;
  /** Devices that joined later, by their DevId. */
  readonly joined: Map<string, DemoDevice>;
}

export interface StageOptions extends CompanyOptions {
  /** A folder for every raw message of both legs of the gateway. */
  readonly record?: string;
}

/** A broker, two DM servers, the gateway and the first device; whoever starts them closes the company. */
export async function setStage({ record, ...options }: StageOptions): Promise<Stage> {
  const company = new Company(options);
  try {
    const { ready } = await company.startOwn('MQTT broker of the operator', './broker-program');
    const broker = textOf(ready, 'url');
    const home = await prepareGateway(company);
    const reach = { broker, trust: [home.ca] };
    const [operator, enterprise] = await Promise.all([
      startAuthority(company, operatorId, reach),
      startAuthority(company, enterpriseId, reach),
    ]);
    const gateway = await startGateway(company, home, {
      servers: [operator, enterprise],
      broker,
      lan: company.noNetwork === undefined,
      record,
    });
    await gateway.door.addAccount({ name: 'Operator', ...(await enrol(operator, gateway.devId, gateway.reach.https)) });
    return { company, operator, enterprise, gateway, lamp: await startLamp(company, operator, gateway), joined: new Map() };
  } catch (error) {
    await company.close();
    throw error;
  }
}

/** The operator knows the lamp and the gateway, each by credentials of its own; the lamp knows only the gateway. */
async function startLamp(company: Company, operator: Authority, gateway: GatewayProgram): Promise<DemoDevice> {
  const account = { name: 'Operator', priority: 1, ...(await enrol(operator, lamp.id, gateway.reach.udp)) };
  const added = await gateway.door.addDevice({ ...lamp, trigger: { by: 'poll' }, accounts: [account] });
  return startDevice(company, lamp, added, ['--poll']);
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
