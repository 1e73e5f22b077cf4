import { grants, isEmptyAcl, parseAcl } from '#src/dm/tree/index.js';
import { type Demand, type Permissions, type Rights, RightsTable, rightCommands } from './rights.js';

/** ACLs that one server has set on a device, by canonical URI. They were valid when they were taken. */
export type OwnAcls = ReadonlyMap<string, string>;

/**
 * What a server has left itself by the ACLs that it has set: the node's own ACL, or its nearest ancestor's, as a whole;
 * where it has set none it is not bound.
 * @see OMA DM TND 1.2 § 7.7.1
 */
export class AclRights implements Permissions {
  readonly #table: RightsTable;

  constructor(acls: OwnAcls, serverId: string) {
    this.#table = new RightsTable(acls.size === 0 ? undefined : rightsOf(acls, serverId));
  }

  get isOpen(): boolean {
    return this.#table.isOpen;
  }

  permits(demand: Demand): boolean {
    return this.#table.permits(demand) || (isAclChange(demand) && this.#table.permits({ ...demand, uri: parentOf(demand.uri) }));
  }
}

function rightsOf(acls: OwnAcls, serverId: string): Rights {
  const rights: Record<string, Rights[string]> = { '.': rightCommands };
  for (const [uri, text] of acls) {
    const acl = parseAcl(text);
    if (!isEmptyAcl(acl)) rights[uri] = rightCommands.filter((command) => grants(acl, command, serverId));
  }
  return rights;
}

/** Who may Replace the parent may change a node's ACL: nobody locks themselves out. At the root nobody else could open again. */
function isAclChange({ command, uri }: Demand): boolean {
  return command === 'Replace' && uri.endsWith('?prop=ACL') && parentOf(uri) !== uri;
}

function parentOf(uri: string): string {
  const node = uri.split('?')[0] ?? '';
  return node.slice(0, Math.max(node.lastIndexOf('/'), 1));
}
