import type { Command } from 'commander';
import type { ControlClient } from '#src/control/index.js';
import type { PasswordSource } from './password.js';

/** What describes an account on the command line. */
export interface AccountOptions {
  readonly serverId?: string;
  readonly name?: string;
  readonly address?: string;
  readonly scheme?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly serverPasswordFile?: string;
  readonly allowPlainHttp?: boolean;
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
  readonly accountAllowPlainHttp?: boolean;
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
    .option(`--${prefix}allow-plain-http`, 'send credentials over http; for laboratories');
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
  const { serverId, name, address, scheme, user, allowPlainHttp } = options;
  return { serverId, name, address, scheme, userName: user, clientPassword, serverPassword, allowPlainHttp } as NewAccount;
}
