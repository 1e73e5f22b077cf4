import type { NodeRow, ObjectDefinition, TreeNode } from '#src/dm/tree/index.js';
import { provideObject } from './standard-object.js';

const row = { access: ['Get'], permanent: true } as const;

const rows = [
  { ...row, path: 'Virtual', format: 'bool', occurs: 'zero-or-one', description: 'whether it is a virtual machine or a container' },
  { ...row, path: 'Memory', format: 'int', occurs: 'zero-or-one', description: 'main memory in MiB' },
  { ...row, path: 'Cpu', format: 'node', occurs: 'zero-or-one', description: 'the processor' },
  { ...row, path: 'Cpu/Model', format: 'chr', occurs: 'zero-or-one', description: 'maker and model' },
  { ...row, path: 'Cpu/Cores', format: 'int', occurs: 'zero-or-one', description: 'cores, logical ones counted' },
  { ...row, path: 'Disks', format: 'node', occurs: 'zero-or-one', description: 'where files are kept' },
  { ...row, path: 'Disks/<id>', format: 'node', occurs: 'zero-or-more', description: 'a mounted file system' },
  { ...row, path: 'Disks/<id>/Name', format: 'chr', occurs: 'one', description: 'where it is mounted' },
  { ...row, path: 'Disks/<id>/Type', format: 'chr', occurs: 'zero-or-one', description: 'such as ext4' },
  { ...row, path: 'Disks/<id>/Size', format: 'int', occurs: 'one', description: 'its size in MiB' },
  { ...row, path: 'Interfaces', format: 'node', occurs: 'zero-or-one', description: 'the network interfaces' },
  { ...row, path: 'Interfaces/<id>', format: 'node', occurs: 'zero-or-more', description: 'an interface' },
  { ...row, path: 'Interfaces/<id>/Name', format: 'chr', occurs: 'one', description: 'its name, such as eth0' },
  { ...row, path: 'Interfaces/<id>/MAC', format: 'chr', occurs: 'one', description: 'its address on the link, six pairs with colons' },
] as const satisfies readonly NodeRow[];

/** What a gateway's own box is made of. `[DESIGN]`: no standard object says this; serial numbers are left out on purpose. */
export const hardwareDefinition = {
  urn: 'urn:oma:mo:x-postern-hardware:1.0',
  aliases: [],
  source: 'our own',
  rows,
} as const satisfies ObjectDefinition;

/** An absent value is unknown and does not stand in the tree. Sizes are in MiB. */
export interface HardwareValues {
  readonly virtual?: boolean | undefined;
  readonly memory?: number | undefined;
  readonly cpu?: { readonly model?: string | undefined; readonly cores?: number | undefined } | undefined;
  readonly disks: readonly { readonly name: string; readonly type?: string | undefined; readonly size: number }[];
  readonly interfaces: readonly { readonly name: string; readonly mac: string }[];
}

/** The subtree; disks and interfaces are called 1, 2, 3 … */
export function hardware({ virtual, memory, cpu, disks, interfaces }: HardwareValues): TreeNode {
  const found: [string, string | number | boolean | undefined][] = [
    ['Virtual', virtual],
    ['Memory', memory],
    ['Cpu/Model', cpu?.model],
    ['Cpu/Cores', cpu?.cores],
    ...disks.flatMap(({ name, type, size }, at) => ofEntry(`Disks/${at + 1}`, { Name: name, Type: type, Size: size })),
    ...interfaces.flatMap(({ name, mac }, at) => ofEntry(`Interfaces/${at + 1}`, { Name: name, MAC: mac })),
  ];
  const known = found.flatMap(([path, value]) => (value === undefined ? [] : [[path, String(value)] as const]));
  return provideObject(hardwareDefinition, new Map(known));
}

function ofEntry(path: string, leaves: Readonly<Record<string, string | number | undefined>>): [string, string | number | undefined][] {
  return Object.entries(leaves).map(([leaf, value]) => [`${path}/${leaf}`, value]);
}
