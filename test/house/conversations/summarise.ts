import { commandsOf, type Element, headerOf } from '../../e2e/recorded-messages.js';
import type { Turn } from './read-conversation.js';
import { readTunnel, tunnelLine } from './tunnel.js';

/** What a turn says in a line. Nothing in it differs from one run to the next. */
export interface Summary {
  readonly from: string;
  readonly to: string;
  readonly part: string;
  readonly proof: string;
  readonly commands: string;
  readonly statuses: string;
}

/** Summarises a conversation, turn by turn. `device` is the DevId of the device in it. */
export function summarise(turns: readonly Turn[], device: string): Summary[] {
  const servers = serverNames(turns);
  return turns.map((turn) => summary(turn, turns, servers, device));
}

function summary(turn: Turn, turns: readonly Turn[], servers: ReadonlyMap<string, string>, device: string): Summary {
  const ends = endsOf(turn, servers, device);
  if (turn.kind === 'trigger') return { ...ends, part: 'Package#0', proof: 'digest', commands: 'please open a session', statuses: '' };
  if (turn.kind === 'tunnel') return { ...ends, part: 'TLS', proof: '', commands: tunnelLine(readTunnel(turn.body)), statuses: '' };
  if (turn.said === undefined) return { ...ends, part: 'HTTP', proof: httpProof(turn), commands: httpLine(turn), statuses: '' };
  const commands = commandsOf(turn.said.message);
  return {
    ...ends,
    part: packageOf(turn, turns, commands),
    proof: proofIn(turn.said.message, commands),
    commands: commands.flatMap(commandLine).join('; ') || 'nothing more',
    statuses: statusesIn(commands),
  };
}

function endsOf({ leg, kind, said }: Turn, servers: ReadonlyMap<string, string>, device: string): { from: string; to: string } {
  const [near, far] = leg === 'south' ? ['device', 'gateway'] : [undefined, undefined];
  if (kind === 'tunnel') return { from: 'device', to: 'its server' };
  if (kind === 'trigger') return leg === 'south' ? { from: 'gateway', to: 'device' } : { from: 'operator', to: 'gateway' };
  const header = said === undefined ? undefined : headerOf(said.message);
  const [client, server] = kind === 'request' ? [header?.source, header?.target] : [header?.target, header?.source];
  const asClient = near ?? (client === device ? 'gateway, as the device' : 'gateway');
  const asServer = far ?? servers.get(server ?? '') ?? 'DM server';
  return kind === 'request' ? { from: asClient, to: asServer } : { from: asServer, to: asClient };
}

/** Address of each DM server → what it calls itself in its answers. */
function serverNames(turns: readonly Turn[]): ReadonlyMap<string, string> {
  return new Map(
    turns.flatMap(({ leg, kind, said }) => {
      if (said === undefined || leg === 'south' || kind !== 'response') return [];
      const source = (name: string) => said.message.value('SyncHdr', 'Source', name) ?? '';
      return [[source('LocURI'), source('LocName')] as const];
    }),
  );
}

/** Packages 3 and 4 go on until the server has nothing more. @see OMA DM Protocol 1.2 § 8 */
function packageOf(turn: Turn, turns: readonly Turn[], commands: readonly Element[]): string {
  const final = turn.said?.message.all('SyncBody', 'Final').length === 0 ? ', not its end' : '';
  if (turn.kind === 'request') return `${opensSession(commands) ? 1 : 3}${final}`;
  const asked = turns.find((each) => each.kind === 'request' && isSameMessage(each, turn));
  return `${opensSession(asked?.said === undefined ? [] : commandsOf(asked.said.message)) ? 2 : 4}${final}`;
}

function isSameMessage(one: Turn, other: Turn): boolean {
  if (one.said === undefined || other.said === undefined || one.leg !== other.leg) return false;
  const [asked, answered] = [headerOf(one.said.message), headerOf(other.said.message)];
  return asked.source === answered.target && asked.sessionId === answered.sessionId && asked.msgId === answered.msgId;
}

function opensSession(commands: readonly Element[]): boolean {
  return commands.some((command) => command.name === 'Alert' && /^120[01]$/.test(command.value('Data') ?? ''));
}

const headerWords: Readonly<Record<string, string>> = {
  '200': 'accepted (200)',
  '212': 'accepted (212)',
  '401': 'refused (401)',
  '407': 'proof is missing (407)',
};

/** Credentials, what became of the other side's, and the nonce for its next ones. */
function proofIn(message: Element, commands: readonly Element[]): string {
  const type = message.value('SyncHdr', 'Cred', 'Meta', 'Type')?.replace('syncml:auth-', '');
  const header = commands.find((command) => command.name === 'Status' && command.value('CmdRef') === '0');
  const code = header?.value('Data') ?? '';
  const nonce = header?.value('Chal', 'Meta', 'NextNonce');
  return [
    ...(type === undefined ? [] : [`credential (${type})`]),
    ...(header === undefined ? [] : [headerWords[code] ?? code]),
    ...(nonce === undefined ? [] : ['nonce for the next']),
  ].join(', ');
}

function commandLine(command: Element): string[] {
  if (command.name === 'Status') return [];
  if (command.name === 'Alert') return [alertLine(command)];
  const items = command.all('Item');
  const uris = items.map((item) => item.value('Target', 'LocURI') ?? item.value('Source', 'LocURI') ?? '');
  if (uris.length > 0 && uris.every((uri) => uri.startsWith('./DevInfo/')) && command.name === 'Replace') return ['DevInfo'];
  return items.length === 0 ? [command.name] : items.map((item, at) => `${command.name} \`${uris[at]}\`${dataOf(item)}`);
}

function alertLine(command: Element): string {
  const type = command.value('Item', 'Meta', 'Type');
  return `Alert ${command.value('Data')}${type === undefined ? '' : ` \`${type.split(':').slice(-2).join(':')}\``}`;
}

function dataOf(item: Element): string {
  const data = item.value('Data');
  return data === undefined || data === '' ? '' : ` = ${data}`;
}

/** `200 Alert, 200 Replace`; that for the header is the proof's. */
function statusesIn(commands: readonly Element[]): string {
  const statuses = commands.filter((command) => command.name === 'Status' && command.value('CmdRef') !== '0');
  return statuses.map((status) => `${status.value('Data')} ${status.value('Cmd')}`).join(', ');
}

function httpLine({ head: [line = ''] }: Turn): string {
  return `\`${line.replace(/:\d+ /, ':PORT ')}\``;
}

function httpProof({ head }: Turn): string {
  return head.some((field) => /^proxy-authorization:/i.test(field)) ? 'Proxy-Authorization' : '';
}
