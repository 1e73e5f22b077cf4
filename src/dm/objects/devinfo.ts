import type { ObjectDefinition, TreeNode } from '#src/dm/tree/index.js';
import { provideObject, type Value } from './standard-object.js';

/** Who the device is; its leaves go to the server in every package 1. Mind the spelling: DevId here, DevID in DM 2.0. */
export const devInfoDefinition = {
  urn: 'urn:oma:mo:oma-dm-devinfo:1.0',
  aliases: ['org.openmobilealliance.dm/1.0/DevInfo'],
  source: 'OMA DM StdObj 1.2 § 5.3.2',
  rows: [
    { path: 'Ext', format: 'node', access: ['Get'], occurs: 'zero-or-one', permanent: true, open: true, description: 'vendor extensions' },
    {
      path: 'Bearer',
      format: 'node',
      access: ['Get'],
      occurs: 'zero-or-one',
      permanent: true,
      open: true,
      description: 'bearer extensions',
    },
    { path: 'DevId', format: 'chr', access: ['Get'], occurs: 'one', permanent: true, description: 'globally unique URN of the device' },
    { path: 'Man', format: 'chr', access: ['Get'], occurs: 'one', permanent: true, description: 'manufacturer' },
    { path: 'Mod', format: 'chr', access: ['Get'], occurs: 'one', permanent: true, description: 'model' },
    { path: 'DmV', format: 'chr', access: ['Get'], occurs: 'one', permanent: true, description: 'version of the DM client, e.g. 1.2' },
    { path: 'Lang', format: 'chr', access: ['Get'], occurs: 'one', permanent: true, description: 'current language, e.g. en' },
  ],
} as const satisfies ObjectDefinition;

/** The leaves of ./DevInfo. */
export interface DevInfoValues {
  readonly DevId: Value;
  readonly Man: Value;
  readonly Mod: Value;
  readonly DmV: Value;
  readonly Lang: Value;
}

/** The subtree for ./DevInfo. */
export function devInfo(values: DevInfoValues): TreeNode {
  const { DevId, Man, Mod, DmV, Lang } = values;
  return provideObject(devInfoDefinition, new Map(Object.entries({ DevId, Man, Mod, DmV, Lang })));
}
