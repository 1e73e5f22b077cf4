import { defaultUriLimits, type ObjectDefinition, type TreeNode, type UriLimits } from '#src/dm/tree/index.js';
import { provideObject, type Value } from './standard-object.js';

/** What the device is made of and what its tree can take; read when a server asks. */
export const devDetailDefinition = {
  urn: 'urn:oma:mo:oma-dm-devdetail:1.0',
  aliases: ['org.openmobilealliance.dm/1.0/DevDetail'],
  source: 'OMA DM StdObj 1.2 § 5.3.3',
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
    { path: 'URI', format: 'node', access: ['Get'], occurs: 'one', permanent: true, description: 'limits of node URIs' },
    { path: 'URI/MaxDepth', format: 'chr', access: ['Get'], occurs: 'one', permanent: true, description: 'segments of a URI, 0 no limit' },
    {
      path: 'URI/MaxTotLen',
      format: 'chr',
      access: ['Get'],
      occurs: 'one',
      permanent: true,
      description: 'characters of a URI, 0 no limit',
    },
    {
      path: 'URI/MaxSegLen',
      format: 'chr',
      access: ['Get'],
      occurs: 'one',
      permanent: true,
      description: 'characters of a segment, 0 no limit',
    },
    { path: 'DevTyp', format: 'chr', access: ['Get'], occurs: 'one', permanent: true, description: 'kind of device' },
    { path: 'OEM', format: 'chr', access: ['Get'], occurs: 'one', permanent: true, description: 'original equipment manufacturer' },
    { path: 'FwV', format: 'chr', access: ['Get'], occurs: 'one', permanent: true, description: 'firmware version' },
    { path: 'SwV', format: 'chr', access: ['Get'], occurs: 'one', permanent: true, description: 'software version' },
    { path: 'HwV', format: 'chr', access: ['Get'], occurs: 'one', permanent: true, description: 'hardware version' },
    { path: 'LrgObj', format: 'bool', access: ['Get'], occurs: 'one', permanent: true, description: 'whether large objects are supported' },
  ],
} as const satisfies ObjectDefinition;

/** The leaves of ./DevDetail. */
export interface DevDetailValues {
  readonly DevTyp: Value;
  readonly OEM: Value;
  readonly FwV: Value;
  readonly SwV: Value;
  readonly HwV: Value;
  readonly LrgObj: boolean;
  /** Those of the tree that it stands in. */
  readonly limits?: UriLimits;
}

/** The subtree for ./DevDetail. */
export function devDetail(values: DevDetailValues): TreeNode {
  const { DevTyp, OEM, FwV, SwV, HwV, LrgObj, limits = defaultUriLimits } = values;
  const leaves: Record<string, Value> = {
    'URI/MaxDepth': String(limits.maxDepth),
    'URI/MaxTotLen': String(limits.maxTotLen),
    'URI/MaxSegLen': String(limits.maxSegLen),
    DevTyp,
    OEM,
    FwV,
    SwV,
    HwV,
    LrgObj: String(LrgObj),
  };
  return provideObject(devDetailDefinition, new Map(Object.entries(leaves)));
}
