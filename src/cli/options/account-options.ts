import { type Command, InvalidArgumentError } from 'commander';
import type { ControlClient } from '#src/control/index.js';
import type { PasswordSource } from '../password.js';
import { type Polling, readPolling } from './polling-option.js';

/** What describes an account on the command line. */
export interface AccountOptions {
  readonly serverId?: string;
  readonly name?: string;
  readonly address?: string;
  readonly scheme?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly serverPasswordFile?: string;
  readonly encoding?: string;
  readonly allowPlainHttp?: boolean;
  readonly priority?: number;
  readonly polling?: Polling;
  readonly right?: NonNullable<NewAccount['rights']>;
}

/** The same beside the options of a device. */
export interface PrefixedAccountOptions {
  readonly accountServerId?: string;
  readonly accountName?: string;
  readonly accountAddress?: string;
  readonly accountScheme?: string;
  readonly accountUser?: string;
  readonly accountPasswordFile?: string;
  readonly accountServerPasswordFile?: string;
  readonly accountEncoding?: string;
  readonly accountAllowPlainHttp?: boolean;
  readonly accountPriority?: number;
  readonly accountPolling?: Polling;
  readonly accountRight?: NonNullable<NewAccount['rights']>;
}

type NewAccount = Parameters<ControlClient['addAccount']>[0];

/** Adds the options of an account, each with this before its name. */
export function addAccountOptions(command: Command, prefix: '' | 'account-'): Command {
  return command
    .option(`--${prefix}server-id <id>`, 'server id of the DM server')
    .option(`--${prefix}name <text>`, 'what people call the account')
    .option(`--${prefix}address <url>`, 'URL of the DM server')
    .option(`--${prefix}scheme <scheme>`, 'how its passwords prove themselves: basic or md5 (default: md5)')
    .option(`--${prefix}user <name>`, 'user name there (default: the DevId)')
    .option(`--${prefix}password-file <file>`, 'password towards the DM server; - is standard input (or $POSTERN_ACCOUNT_PASSWORD)')
    .option(`--${prefix}server-password-file <file>`, "the DM server's password towards us (or $POSTERN_ACCOUNT_SERVER_PASSWORD)")
    .option(`--${prefix}encoding <name>`, 'what we write to it: xml or wbxml (default: xml)')
    .option(`--${prefix}allow-plain-http`, 'send credentials over http; for laboratories')
    .option(`--${prefix}priority <number>`, 'which server of a device comes first: 1 before 2 (default: 100)', readPriority)
    .option(`--${prefix}polling <when>`, "when this server of a device is asked for work (default: the device's --polling)", readPolling)
    .option(
      `--${prefix}right <node=commands>`,
      'what the server may do there and below, such as ./DevInfo=Get,Exec; may be repeated (default: everything)',
      readRight,
    );
}

/** The account among a device's options; undefined if none of them was given. */
export function withoutPrefix(options: PrefixedAccountOptions): AccountOptions | undefined {
  const pairs = Object.entries(options).filter(([name]) => /^account[A-Z]/.test(name));
  const bare = (name: string) => name.slice('account'.length).replace(/^./, (first) => first.toLowerCase());
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs.map(([name, value]) => [bare(name), value]));
}

/** Where the passwords of an account are. The first one is needed. */
export function accountPasswords(options: AccountOptions, prefix: '' | 'account-'): [PasswordSource, PasswordSource] {
  return [
    {
      what: 'password towards the DM server',
      option: `--${prefix}password-file`,
      file: options.passwordFile,
      variable: 'POSTERN_ACCOUNT_PASSWORD',
    },
    {
      what: "DM server's password towards us",
      option: `--${prefix}server-password-file`,
      file: options.serverPasswordFile,
      variable: 'POSTERN_ACCOUNT_SERVER_PASSWORD',
    },
  ];
}

/** The account as the contract has it; what is missing is left to the contract to tell. */
export function accountBody(options: AccountOptions, clientPassword: string, serverPassword: string | undefined): NewAccount {
  const { serverId, name, address, scheme, user, encoding, allowPlainHttp, priority, polling, right } = options;
  const plain = { serverId, name, address, scheme, userName: user, encoding, allowPlainHttp, priority, polling, rights: right };
  return { ...plain, clientPassword, serverPassword } as NewAccount;
}

function readPriority(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('Write a whole number, 1 for the first.');
  return Number(text);
}

/** `./Node=Get,Exec`; a right without commands forbids. A URI may hold `=`, the commands cannot. */
function readRight(text: string, before: AccountOptions['right'] = {}): AccountOptions['right'] {
  const at = text.lastIndexOf('=');
  const node = text.slice(0, at);
  if (at < 1) throw new InvalidArgumentError('Write a node, = and the commands, such as ./DevInfo=Get,Exec.');
  if (Object.hasOwn(before, node)) throw new InvalidArgumentError(`${node} has its commands already; write them in one.`);
  const commands = text.slice(at + 1).split(',');
  return { ...before, [node]: commands.filter((command) => command !== '') } as AccountOptions['right'];
}
