import type { Command } from 'commander';
import type { AccountAnswer } from '#src/control/index.js';
import { type AccountOptions, accountBody, accountPasswords, addAccountOptions } from '../options/account-options.js';
import { readPasswords, requirePassword } from '../password.js';
import { type Cell, formatTable } from '../table.js';
import { type CommonOptions, example, finishWith, gatewayOf, print, type Scene } from './verb.js';

interface OfDevice extends CommonOptions {
  readonly device?: string;
}

interface AddAccountOptions extends OfDevice, AccountOptions {
  readonly correlation?: string;
}

interface Step {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

const deviceHelp = 'whose account (default: the gateway itself)';

/** `accounts`: where the gateway and its devices are managed. */
export function addAccounts(program: Command, scene: Scene): void {
  const accounts = program.command('accounts').description('the accounts of the gateway and its devices at DM servers');
  addList(accounts, scene);
  addAdd(accounts, scene);
  addTest(accounts, scene);
  addRemove(accounts, scene);
}

function addList(accounts: Command, scene: Scene): void {
  const list = accounts
    .command('list')
    .description('list the accounts')
    .option('--device <urn>', 'only those of this device')
    .option('--json', 'print JSON')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<OfDevice>();
      const found = await gatewayOf(scene, options).listAccounts({ device: options.device });
      print(scene, options, found, () => formatTable(headings, found.map(row)));
    });
  example(list, 'postern accounts list --device urn:imei:490154203237518');
}

const headings = ['SERVER', 'OWNER', 'ADDRESS', 'SCHEME', 'PRIORITY', 'RIGHTS', 'ORIGIN', 'WAITING'];

function row({ serverId, device, address, scheme, priority, rights, origin, pendingAlerts }: AccountAnswer): Cell[] {
  return [serverId, device ?? 'gateway', address, scheme, priority, rightsText(rights), origin, pendingAlerts];
}

function rightsText(rights: AccountAnswer['rights']): string {
  const rules = Object.entries(rights ?? {}).map(([node, commands]) => `${node}=${commands.join(',')}`);
  return rights === undefined ? 'everything' : rules.join(' ') || 'nothing';
}

function addAdd(accounts: Command, scene: Scene): void {
  const add = accounts.command('add').description('add an account').option('--device <urn>', deviceHelp);
  addAccountOptions(add, '')
    .option('--correlation <policy>', 'which devices this server hears of: own-devices, all or none (only for the gateway itself)')
    .option('--json', 'print JSON')
    .action((_own, command: Command) => runAdd(scene, command.optsWithGlobals<AddAccountOptions>()));
  example(add, 'postern accounts add --server-id operator --address https://dm.example/dm --password-file operator.txt');
}

async function runAdd(scene: Scene, options: AddAccountOptions): Promise<void> {
  const sources = accountPasswords(options, '');
  const [towardsServer, fromServer] = await readPasswords(sources, scene.ports);
  const body = accountBody(options, requirePassword(towardsServer, sources[0]), fromServer);
  const { device, correlation } = options;
  const added = await gatewayOf(scene, options).addAccount({ ...body, device, correlation } as typeof body);
  print(scene, options, added, () => `The account at ${added.serverId} is added; try it with: ${tryIt(added)}\n`);
}

function tryIt({ serverId, device }: AccountAnswer): string {
  return `postern accounts test ${serverId}${device === undefined ? '' : ` --device ${device}`}`;
}

function addTest(accounts: Command, scene: Scene): void {
  const test = accounts
    .command('test')
    .description('run a real session with the server of an account')
    .argument('<server-id>', 'its server id')
    .option('--device <urn>', deviceHelp)
    .option('--json', 'print JSON')
    .action(async (serverId: string, _own, command: Command) => {
      const options = command.optsWithGlobals<OfDevice>();
      const outcome = await gatewayOf(scene, options).testAccount({ serverId, device: options.device });
      print(scene, options, outcome, () => formatTable(['RESULT', 'STEP', 'DETAIL'], stepRows(outcome.steps)));
      finishWith(scene, outcome.ok);
    });
  example(test, 'postern accounts test operator');
}

/** What comes after the step that failed was never reached, unless something is said about it. */
function stepRows(steps: readonly Step[]): Cell[][] {
  const failed = steps.findIndex(({ ok }) => !ok);
  return steps.map(({ name, ok, detail }, at) => [ok ? 'ok' : at > failed && detail === '' ? 'not tried' : 'FAILED', name, detail]);
}

function addRemove(accounts: Command, scene: Scene): void {
  const remove = accounts
    .command('remove')
    .description('forget an account that was added, and everything that waits for its server')
    .argument('<server-id>', 'its server id')
    .option('--device <urn>', deviceHelp)
    .action(async (serverId: string, _own, command: Command) => {
      const options = command.optsWithGlobals<OfDevice>();
      await gatewayOf(scene, options).removeAccount({ serverId, device: options.device });
      scene.ports.out(`The account at ${serverId} is removed\n`);
    });
  example(remove, 'postern accounts remove operator --device urn:imei:490154203237518');
}
