/** The rooms of src, lowest level first. Imports point down only; rooms of one level do not know one another. */
export const levels: readonly (readonly string[])[] = [
  ['base'],
  ['config'],
  ['dm', 'security'],
  ['authority', 'adapter-api'],
  ['gateway', 'small-server', 'virtual-device'],
  ['provisioning', 'update', 'schedule', 'continuity'],
  ['control'],
  ['api', 'cli', 'console', 'store', 'transport', 'broker', 'discovery', 'rendezvous'],
  ['programs'],
];

/** The same inside src/dm, whose sub-rooms have doors of their own. */
export const dmLevels: readonly (readonly string[])[] = [
  ['syncml'],
  ['auth'],
  ['tree'],
  ['objects'],
  ['session'],
  ['client', 'server', 'notification', 'bootstrap'],
];

/** All that an adapter may import of src. */
export const adapterDoors: readonly string[] = ['src/adapter-api/index.ts', 'src/dm/tree/index.ts', 'src/base/index.ts'];

/** The Node built-ins that dm, which is pure, may use: they compute, and do no I/O. */
export const dmBuiltins: readonly string[] = ['node:buffer', 'node:crypto'];
