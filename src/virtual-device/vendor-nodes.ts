import { type ManagementTree, provideLeaf, StoredInterior, StoredLeaf, type TreeNode } from '#src/dm/tree/index.js';

const logLines = 1_500;

/** What a server may play with: a lamp that it can change, and room for nodes of its own. */
export function vendorNodes(): StoredInterior {
  const lamp = interior({
    On: setting('bool', 'false'),
    Level: setting('int', '10'),
    Name: setting('chr', 'Lamp'),
  });
  return interior({ Lamp: lamp, Count: count(), BootCount: count() }, ['Add', 'Get']);
}

/**
 * Mounts what is computed or does something: `./Vendor/Counter` and `./Vendor/Reboot` raise `./Vendor/Count` and
 * `./Vendor/BootCount` when they are executed; `./Vendor/Log` is a leaf that no small message can carry.
 */
export function mountVendorNodes(tree: ManagementTree, onEffect: (uri: string, value: string) => void): void {
  const raising = (uri: string) => {
    const raise = () => {
      const value = String(Number(tree.read(uri)) + 1);
      tree.set(uri, value);
      onEffect(uri, value);
      return 200;
    };
    return provideLeaf({ format: 'null', access: ['Exec', 'Get'], exec: raise });
  };
  tree.mount('./Vendor/Counter', raising('./Vendor/Count'));
  tree.mount('./Vendor/Reboot', raising('./Vendor/BootCount'));
  tree.mount('./Vendor/Log', provideLeaf({ read: formatLog }));
}

function interior(children: Readonly<Record<string, TreeNode>>, access: readonly ('Add' | 'Get')[] = ['Get']): StoredInterior {
  return new StoredInterior({ permanent: true, access, children: Object.entries(children) });
}

function setting(format: 'bool' | 'int' | 'chr', value: string): StoredLeaf {
  return new StoredLeaf({ format, value, permanent: true, fixed: true, access: ['Get', 'Replace'] });
}

/** Written by the device alone. */
function count(): StoredLeaf {
  return new StoredLeaf({ format: 'int', value: '0', permanent: true, fixed: true, access: ['Get'] });
}

/** The same every time, about 50 kB. */
function formatLog(): string {
  return Array.from({ length: logLines }, (_, at) => `${String(at).padStart(5, '0')} the lamp was looked at\n`).join('');
}
