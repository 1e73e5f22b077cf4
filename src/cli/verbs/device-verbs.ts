import type { Command } from 'commander';
import { type AddedDevice, type ControlClient, type DeviceAnswer, devicesInPage } from '#src/control/index.js';
import { withSecretFiles } from '../files/secret-file.js';
import {
  accountBody,
  accountPasswords,
  addAccountOptions,
  type PrefixedAccountOptions,
  withoutPrefix,
} from '../options/account-options.js';
import { type Polling, readPolling } from '../options/polling-option.js';
import { formatTriggerWay, readTriggerWay, type TriggerWay } from '../options/trigger-option.js';
import { type PasswordSource, readPasswords, requirePassword } from '../password.js';
import { type Cell, formatRecord, formatTable } from '../table.js';
import { addAdmission } from './admission-verbs.js';
import { type CommonOptions, example, gatewayOf, print, type Scene } from './verb.js';

type NewDevice = Parameters<ControlClient['addDevice']>[0];

interface AddDeviceOptions extends CommonOptions, PrefixedAccountOptions {
  readonly id: string;
  readonly name?: string;
  readonly mode?: string;
  readonly scheme?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  /** False: --no-credentials. */
  readonly credentials?: boolean;
  readonly serverPasswordFile?: string;
  readonly allowPlainHttp?: boolean;
  readonly polling?: Polling;
  readonly trigger?: TriggerWay;
  readonly write?: string;
  readonly writeTrust?: string;
}

/** `devices`: who is behind the gateway. */
export function addDevices(program: Command, scene: Scene): void {
  const devices = program.command('devices').description('the devices behind the gateway');
  addList(devices, scene);
  addShow(devices, scene);
  addAdd(devices, scene);
  addRemove(devices, scene);
  addAdmission(devices, scene);
}

function addList(devices: Command, scene: Scene): void {
  const list = devices
    .command('list')
    .description('list the inventory')
    .option('--json', 'print JSON')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const found = await allDevices(gatewayOf(scene, options));
      print(scene, options, found, () =>
        formatTable(['DEVICE', 'NAME', 'MODE', 'STATUS', 'SEEN BY', 'MODEL', 'LAST SEEN'], found.map(row)),
      );
    });
  example(list, 'postern devices list');
}

/** Page after page: between two the gateway goes on with its sessions. */
async function allDevices(gateway: ControlClient): Promise<DeviceAnswer[]> {
  const found: DeviceAnswer[] = [];
  for (;;) {
    const page = await gateway.listDevices({ after: found.at(-1)?.id, limit: devicesInPage });
    found.push(...page);
    if (page.length < devicesInPage) return found;
  }
}

function row(device: DeviceAnswer): Cell[] {
  return [device.id, device.name, device.mode, device.status, device.seenBy.join(', '), device.model, device.lastSeen];
}

function addShow(devices: Command, scene: Scene): void {
  const show = devices
    .command('show')
    .description('tell everything about one device')
    .argument('<device>', 'its DevId')
    .option('--json', 'print JSON')
    .action(async (id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const device = await gatewayOf(scene, options).showDevice({ id });
      print(scene, options, device, () => formatRecord(record(device)));
    });
  example(show, 'postern devices show urn:imei:490154203237518');
}

function record({ association, accounts, polling, trigger, seenBy, ...plain }: DeviceAnswer): [string, Cell][] {
  return [
    ...Object.entries(plain),
    ['seenBy', seenBy.join(', ')],
    ['polling', typeof polling === 'number' ? `every ${polling / 1000} s` : polling],
    ['trigger', formatTriggerWay(trigger)],
    ['accounts', accounts.join(', ')],
    ['association', association.epoch],
    ['reported', association.reported.map(({ serverId, state }) => `${serverId} ${state}`).join(', ')],
  ];
}

function addAdd(devices: Command, scene: Scene): void {
  const add = devices
    .command('add')
    .description('add a device and print the DMAcc that it needs; its passwords are made up if not given')
    .requiredOption('--id <urn>', 'its DevId')
    .option('--name <text>', 'what people call it')
    .option('--mode <mode>', 'proxy, or transparent: it has a server of its own, behind the forward proxy (default: proxy)')
    .option('--scheme <scheme>', 'how its passwords prove themselves: basic or md5 (default: md5)')
    .option('--user <name>', 'its user name (default: the DevId)')
    .option('--password-file <file>', 'its password towards the gateway; - is standard input (or $POSTERN_DEVICE_PASSWORD)')
    .option('--server-password-file <file>', "the gateway's password towards it (or $POSTERN_DEVICE_SERVER_PASSWORD)")
    .option('--no-credentials', 'for a transparent device: it shows none to the forward proxy')
    .option('--allow-plain-http', 'accept its credentials over http; for laboratories')
    .option('--polling <when>', 'when its servers are asked for work: always, never, or a time such as 15m (default: always)', readPolling)
    .option(
      '--trigger <way>',
      'how it is told that a server wants a session: none, udp, udp:PORT, mqtt or poll (default: none)',
      readTriggerWay,
    );
  addAccountOptions(add, 'account-')
    .option('--write <file>', 'write the DMAcc into a new file (0600) instead of printing it')
    .option('--write-trust <file>', 'write the certificate of the local CA into a new file')
    .option('--json', 'print JSON')
    .action((_own, command: Command) => runAdd(scene, command.optsWithGlobals<AddDeviceOptions>()));
  example(
    add,
    'postern devices add --id urn:imei:490154203237518 --name camera --write camera.xml --write-trust ca.pem \\',
    '  --account-server-id operator --account-address https://dm.example/dm --account-password-file operator.txt',
  );
}

async function runAdd(scene: Scene, options: AddDeviceOptions): Promise<void> {
  const device = await readNewDevice(scene, options);
  const added = await intoFiles(options, () => gatewayOf(scene, options).addDevice(device));
  print(scene, options, toldInJson(added, options), () => toldInText(added, options));
}

async function readNewDevice({ ports }: Scene, options: AddDeviceOptions): Promise<NewDevice> {
  const account = withoutPrefix(options);
  const ofAccount = accountPasswords(account ?? {}, 'account-');
  const sources = account === undefined ? passwordsOf(options) : [...passwordsOf(options), ...ofAccount];
  const [clientPassword, serverPassword, towardsServer, fromServer] = await readPasswords(sources, ports);
  const { id, name, mode, scheme, user, allowPlainHttp, polling, trigger, credentials } = options;
  const accounts = account === undefined ? [] : [accountBody(account, requirePassword(towardsServer, ofAccount[0]), fromServer)];
  const withoutPassword = credentials === false ? true : undefined;
  const secrets = { scheme, userName: user, clientPassword, serverPassword, withoutPassword };
  return { id, name, mode, ...secrets, allowPlainHttp, polling, trigger, accounts } as NewDevice;
}

function passwordsOf(options: AddDeviceOptions): PasswordSource[] {
  return [
    {
      what: "device's password",
      option: '--password-file',
      file: options.passwordFile,
      variable: 'POSTERN_DEVICE_PASSWORD',
    },
    {
      what: "gateway's password towards the device",
      option: '--server-password-file',
      file: options.serverPasswordFile,
      variable: 'POSTERN_DEVICE_SERVER_PASSWORD',
    },
  ];
}

async function intoFiles({ write, writeTrust }: AddDeviceOptions, add: () => Promise<AddedDevice>): Promise<AddedDevice> {
  const [added, [dmAcc, trust]] = await withSecretFiles([write, writeTrust], add);
  dmAcc?.finish(added.proxy === undefined ? added.dmAcc : accessOf(added));
  trust?.finish(added.trust);
  return added;
}

/** What a transparent device shows to the forward proxy, as text. */
function accessOf({ proxy }: AddedDevice): string {
  return `user ${proxy?.userName}\npassword ${proxy?.password}\n`;
}

function toldInJson({ dmAcc, proxy, trust, ...rest }: AddedDevice, { write, writeTrust }: AddDeviceOptions): object {
  const secrets = proxy === undefined ? { dmAcc } : { proxy };
  return { ...rest, ...(write === undefined ? secrets : { written: write }), ...(writeTrust === undefined ? { trust } : {}) };
}

function toldInText(added: AddedDevice, { write, writeTrust }: AddDeviceOptions): string {
  const { device, address, trust, dmAcc, proxy } = added;
  const isOut = device.mode === 'transparent';
  const where = isOut ? `Its forward proxy is ${address || 'not configured (transparent.port)'}` : `It finds the gateway at ${address}`;
  const [what, secrets] = isOut ? ['credentials for it', accessOf(added)] : ['DMAcc', dmAcc];
  if (isOut && proxy === undefined) return `${device.id} is added, without a password. ${where}\n`;
  return [
    `${device.id} is added. ${where}\n`,
    write === undefined
      ? `Its ${what}, with passwords that are not shown again:\n${secrets}\n`
      : `Its ${what}, with its passwords, is in ${write}\n`,
    writeTrust === undefined ? `It must trust this certificate:\n${trust}` : `The certificate that it must trust is in ${writeTrust}\n`,
    isOut || device.accounts.length > 0 ? '' : `No DM server manages it yet; postern accounts add --device ${device.id} gives it one\n`,
  ].join('');
}

function addRemove(devices: Command, scene: Scene): void {
  const remove = devices
    .command('remove')
    .description('forget a device that was added, and everything that waits for it')
    .argument('<device>', 'its DevId')
    .action(async (id: string, _own, command: Command) => {
      await gatewayOf(scene, command.optsWithGlobals()).removeDevice({ id });
      scene.ports.out(`${id} is removed\n`);
    });
  example(remove, 'postern devices remove urn:imei:490154203237518');
}
