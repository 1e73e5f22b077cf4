import { PosternError } from '#src/base/index.js';
import { keptSecret } from '#src/dm/auth/index.js';
import { ManagementTree, provideChildren, provideLeaf } from '#src/dm/tree/index.js';
import type { Account, AccountRepository } from '../ports.js';

/**
 * `./DMAcc` of a device as one server sees it: its own account and nobody else's. It may change the two passwords of an
 * account that was added, as authorities do in turn; what the configuration file declares only the file changes.
 * @see OMA DM StdObj 1.2 § 5.3.1
 */
export function accountTree(account: Account, accounts: AccountRepository): ManagementTree {
  const tree = new ManagementTree({ rootAcl: { Get: ['*'], Replace: [account.serverId] } });
  tree.mount(`./DMAcc/${nodeName(account)}`, accountNode(account, accounts));
  return tree;
}

/** A node name cannot hold a slash or a question mark; a server id can. */
function nodeName({ serverId }: Account): string {
  return serverId.replace(/[/?]/g, '_');
}

const authType = { basic: 'BASIC', md5: 'DIGEST' } as const;

function accountNode(account: Account, accounts: AccountRepository) {
  const fixed = (value: string) => provideLeaf({ read: () => value });
  const client = credentials('CLCRED', account, account.userName, (password) => {
    const clientSecret = keptSecret(account.scheme, account.userName, password, true);
    accounts.declare({ ...currently(account, accounts), clientSecret });
  });
  const server = credentials('SRVCRED', account, account.serverId, (password) => {
    const serverSecret = keptSecret(account.scheme, account.serverId, password, false);
    accounts.declare({ ...currently(account, accounts), serverSecret });
  });
  const address = provideChildren({ '1': provideChildren({ Addr: fixed(account.address), AddrType: fixed('URI') }) });
  return provideChildren(
    {
      AppID: fixed('w7'),
      ServerID: fixed(account.serverId),
      Name: fixed(account.name),
      AppAddr: address,
      AAuthPref: fixed(authType[account.scheme]),
      AppAuth: provideChildren({ Client: client, Server: server }),
    },
    { type: 'urn:oma:mo:oma-dm-dmacc:1.0' },
  );
}

/** Secrets are written and never read. */
function credentials(level: 'CLCRED' | 'SRVCRED', account: Account, name: string, change: (password: string) => void) {
  const fixed = (value: string) => provideLeaf({ read: () => value });
  const write = (value: string) => {
    if (value === '') throw new PosternError('tree.incomplete', { command: 'Replace', missing: 'a password' });
    change(value);
  };
  return provideChildren({
    AAuthLevel: fixed(level),
    AAuthType: fixed(authType[account.scheme]),
    AAuthName: fixed(name),
    AAuthSecret: provideLeaf({ access: account.origin === 'added' ? ['Replace'] : [], write }),
  });
}

function currently(account: Account, accounts: AccountRepository): Account {
  return accounts.get(account.owner, account.serverId) ?? account;
}
