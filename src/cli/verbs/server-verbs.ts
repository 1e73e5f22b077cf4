import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type Milliseconds, PosternError } from '#src/base/index.js';
import { triggerAddressForm } from '#src/config/index.js';
import type { SmallServerClient, SmallServerCommand } from '#src/control/index.js';
import { showOutcome } from '../command-outcome.js';
import { readDuration } from '../options/duration-option.js';
import { type PasswordSource, readPasswords, requirePassword } from '../password.js';
import { formatTable } from '../table.js';
import { addTriggerVerb } from './server-trigger-verb.js';
import { type CommonOptions, example, print, type Scene, smallServerOf } from './verb.js';

type Single = Extract<SmallServerCommand, { command: unknown }>;

interface SendOptions extends CommonOptions {
  readonly wait?: Milliseconds;
  readonly data?: string;
  readonly dataFile?: string;
  readonly format?: string;
  readonly type?: string;
  readonly correlator?: string;
  readonly trigger?: boolean;
}

interface AddClientOptions extends CommonOptions {
  readonly id: string;
  readonly user?: string;
  readonly scheme?: string;
  readonly passwordFile?: string;
  readonly serverPasswordFile?: string;
  readonly reach?: string;
}

const waitHelp = 'how long to wait for the end, for example 30 (seconds) or 5m';
const commandVerbs = [
  { name: 'get', command: 'Get', does: 'read a node', value: false, example: './DevInfo/Man --wait 30' },
  { name: 'replace', command: 'Replace', does: 'write a node', value: true, example: './Vendor/Name --data kitchen' },
  { name: 'add', command: 'Add', does: 'make a node', value: true, example: './Vendor/Rooms/1 --data hall' },
  { name: 'delete', command: 'Delete', does: 'remove a node', value: false, example: './Vendor/Rooms/1' },
  { name: 'exec', command: 'Exec', does: 'execute a node', value: true, example: './Vendor/Reboot --correlator reboot-1' },
] as const;

/** The verbs below `server`: they operate a running small DM server. */
export function addServerVerbs(server: Command, scene: Scene): void {
  addClients(server, scene);
  for (const verb of commandVerbs) addCommandVerb(server, scene, verb);
  addTriggerVerb(server, scene);
  addResults(server, scene);
  addAlerts(server, scene);
  addServerSessions(server, scene);
}

function addCommandVerb(server: Command, scene: Scene, verb: (typeof commandVerbs)[number]): void {
  const made = server
    .command(verb.name)
    .description(`${verb.does} of a client, in its next session`)
    .argument('<client>', 'its DevId')
    .argument('<uri>', 'node in its management tree')
    .option('--trigger', 'ask it for a session too, instead of waiting for its next one')
    .option('--wait <time>', waitHelp, readDuration)
    .option('--json', 'print JSON');
  if (verb.value) addValueOptions(made);
  made.action((client: string, uri: string, _own, command: Command) =>
    runCommand(scene, { client, uri, command: verb.command }, command.optsWithGlobals<SendOptions>()),
  );
  example(made, `postern server ${verb.name} urn:imei:490154203237518 ${verb.example}`);
}

function addValueOptions(command: Command): void {
  command
    .option('--data <text>', 'the value')
    .option('--data-file <file>', 'read the value from a file; - is standard input')
    .option('--format <format>', 'format of the value: chr, int, bool, b64, node …')
    .option('--type <mime>', 'MIME type of the value')
    .option('--correlator <text>', 'comes back with what reports an Exec');
}

interface Target {
  readonly client: string;
  readonly uri: string;
  readonly command: Single['command'];
}

async function runCommand(scene: Scene, { client, uri, command }: Target, options: SendOptions): Promise<void> {
  const { format, type, correlator, trigger } = options;
  const data = await readData(options, scene);
  const server = smallServerOf(scene, options);
  const asked = trigger === true ? { trigger: 'true' } : {};
  const { id } = await server.queueCommand({ id: client, ...asked, command, uri, data, format, type, correlator } as QueueInput);
  await showOutcome(scene, server, id, options);
}
type QueueInput = Parameters<SmallServerClient['queueCommand']>[0];

async function readData({ data, dataFile }: SendOptions, { ports }: Scene): Promise<string | undefined> {
  if (dataFile === undefined) return data;
  if (dataFile === '-') return ports.readStandardInput();
  try {
    return readFileSync(dataFile, 'utf8');
  } catch (cause) {
    throw new PosternError('cli.unreadable', { file: dataFile, why: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
}

function addClients(server: Command, scene: Scene): void {
  const clients = server.command('clients').description('the clients that the server manages (alone: list them)');
  const list = clients
    .command('list', { isDefault: true })
    .description('list the clients')
    .option('--json', 'print JSON')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const found = await smallServerOf(scene, options).listClients();
      const rows = found.map((one) => [one.id, one.scheme, one.facts['Man'], one.facts['Mod'], one.queued, one.lastContact, one.reach]);
      print(scene, options, found, () => formatTable(['CLIENT', 'SCHEME', 'MAKER', 'MODEL', 'QUEUED', 'LAST CONTACT', 'REACH'], rows));
    });
  example(list, 'postern server clients');
  addClientAdd(clients, scene);
  addClientRemove(clients, scene);
}

function addClientAdd(clients: Command, scene: Scene): void {
  const add = clients
    .command('add')
    .description('add a client that may come')
    .requiredOption('--id <urn>', 'its DevId')
    .option('--user <name>', 'its user name (default: the DevId)')
    .option('--scheme <scheme>', 'how its passwords prove themselves: basic or md5 (default: md5)')
    .option('--password-file <file>', 'its password towards the server; - is standard input (or $POSTERN_CLIENT_PASSWORD)')
    .option('--server-password-file <file>', "the server's password towards it (or $POSTERN_CLIENT_SERVER_PASSWORD)")
    .option('--reach <address>', `where a trigger reaches it: ${triggerAddressForm}`)
    .option('--json', 'print JSON')
    .action((_own, command: Command) => runClientAdd(scene, command.optsWithGlobals<AddClientOptions>()));
  example(add, 'postern server clients add --id urn:imei:490154203237518 --password-file client.txt');
}

async function runClientAdd(scene: Scene, options: AddClientOptions): Promise<void> {
  const sources = clientPasswords(options);
  const [own, ours] = await readPasswords(sources, scene.ports);
  const { id, user, scheme, reach } = options;
  const body = { id, userName: user, scheme, clientPassword: requirePassword(own, sources[0]), serverPassword: ours, reach };
  const added = await smallServerOf(scene, options).addClient(body as Parameters<SmallServerClient['addClient']>[0]);
  print(scene, options, added, () => `${added.id} may come\n`);
}

function clientPasswords(options: AddClientOptions): [PasswordSource, PasswordSource] {
  return [
    { what: "client's password", option: '--password-file', file: options.passwordFile, variable: 'POSTERN_CLIENT_PASSWORD' },
    {
      what: "server's password towards the client",
      option: '--server-password-file',
      file: options.serverPasswordFile,
      variable: 'POSTERN_CLIENT_SERVER_PASSWORD',
    },
  ];
}

function addClientRemove(clients: Command, scene: Scene): void {
  const remove = clients
    .command('remove')
    .description('forget a client and what waits for it')
    .argument('<client>', 'its DevId')
    .action(async (id: string, _own, command: Command) => {
      await smallServerOf(scene, command.optsWithGlobals()).removeClient({ id });
      scene.ports.out(`${id} is removed\n`);
    });
  example(remove, 'postern server clients remove urn:imei:490154203237518');
}

function addResults(server: Command, scene: Scene): void {
  const results = server
    .command('results')
    .description('tell what became of a command')
    .argument('<command-id>', 'the id that the command was given')
    .option('--wait <time>', waitHelp, readDuration)
    .option('--json', 'print JSON')
    .action((id: string, _own, command: Command) => {
      const options = command.optsWithGlobals<SendOptions>();
      return showOutcome(scene, smallServerOf(scene, options), id, { wait: 0, ...options });
    });
  example(results, 'postern server results 17 --wait 5m');
}

function addAlerts(server: Command, scene: Scene): void {
  const alerts = server
    .command('alerts')
    .description('list the alerts that arrived')
    .option('--client <urn>', 'only those of this client')
    .option('--json', 'print JSON')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { readonly client?: string }>();
      const found = await smallServerOf(scene, options).listAlerts({ client: options.client });
      const rows = found.map((one) => [one.receivedAt, one.client, one.type, one.source, one.data, one.count]);
      print(scene, options, found, () => formatTable(['RECEIVED', 'CLIENT', 'TYPE', 'SOURCE', 'DATA', 'TIMES'], rows));
    });
  example(alerts, 'postern server alerts --json');
}

function addServerSessions(server: Command, scene: Scene): void {
  const sessions = server
    .command('sessions')
    .description('list the sessions that are open now')
    .option('--json', 'print JSON')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const open = await smallServerOf(scene, options).listSessions();
      const rows = open.map((one) => [one.client, one.sessionId, one.state, one.startedAt, one.messages, one.bytes]);
      print(scene, options, open, () => formatTable(['CLIENT', 'SESSION', 'STATE', 'SINCE', 'MESSAGES', 'BYTES'], rows));
    });
  example(sessions, 'postern server sessions');
}
