import { elements, namespaces } from '../elements.js';

/**
 * The WBXML code pages: which tag token stands for which element. What a DM message is made of comes from the element table;
 * here stands the rest of pages 0 and 1, so that it can be named when it is refused, and page 2, the serialised tree (TNDS).
 *
 * @see OMA DM RepPro 1.2 § 8, MetaInfo 1.2 § 7, DM TND 1.2 § 9
 */

/** A tag token with its page, in one number: page × 64 + token. */
export type Tag = number;
export const tagsPerPage = 64;
export const pageCount = 3;
export const tagCount = pageCount * tagsPerPage;
/** The page of a serialised tree. */
export const tndsPage = 2;

/** Elements of SyncML that DM does not use. */
const unusedSyncml: TokenTable = {
  Archive: 0x07,
  Map: 0x18,
  MapItem: 0x19,
  NoResults: 0x1e,
  Put: 0x1f,
  Search: 0x23,
  SftDel: 0x26,
  Sync: 0x2a,
  NumberOfChanges: 0x33,
  Field: 0x35,
  Filter: 0x36,
  Record: 0x37,
  FilterType: 0x38,
  SourceParent: 0x39,
  TargetParent: 0x3a,
  Move: 0x3b,
};
const unusedMetinf: TokenTable = {
  Anchor: 0x05,
  FreeID: 0x08,
  FreeMem: 0x09,
  Last: 0x0a,
  Mem: 0x0d,
  MetInf: 0x0e,
  Next: 0x0f,
  SharedMem: 0x11,
  FieldLevel: 0x16,
};
/** `Node` is a node of the tree, `node` the format of an interior one. */
const tnds: TokenTable = {
  AccessType: 0x05,
  ACL: 0x06,
  Add: 0x07,
  b64: 0x08,
  bin: 0x09,
  bool: 0x0a,
  chr: 0x0b,
  CaseSense: 0x0c,
  CIS: 0x0d,
  Copy: 0x0e,
  CS: 0x0f,
  date: 0x10,
  DDFName: 0x11,
  DefaultValue: 0x12,
  Delete: 0x13,
  Description: 0x14,
  DFFormat: 0x15,
  DFProperties: 0x16,
  DFTitle: 0x17,
  DFType: 0x18,
  Dynamic: 0x19,
  Exec: 0x1a,
  float: 0x1b,
  Format: 0x1c,
  Get: 0x1d,
  int: 0x1e,
  Man: 0x1f,
  MgmtTree: 0x20,
  MIME: 0x21,
  Mod: 0x22,
  Name: 0x23,
  Node: 0x24,
  node: 0x25,
  NodeName: 0x26,
  null: 0x27,
  Occurrence: 0x28,
  One: 0x29,
  OneOrMore: 0x2a,
  OneOrN: 0x2b,
  Path: 0x2c,
  Permanent: 0x2d,
  Replace: 0x2e,
  RTProperties: 0x2f,
  Scope: 0x30,
  Size: 0x31,
  time: 0x32,
  Title: 0x33,
  TStamp: 0x34,
  Type: 0x35,
  Value: 0x36,
  VerDTD: 0x37,
  VerNo: 0x38,
  xml: 0x39,
  ZeroOrMore: 0x3a,
  ZeroOrN: 0x3b,
  ZeroOrOne: 0x3c,
};

/** XML namespace of each page; that of page 0 is everywhere at home. */
export const pageNamespaces: readonly string[] = [namespaces[0], namespaces[1], 'syncml:dmddf1.2'];
/** The name of each tag; undefined: it stands for nothing. */
export const tagNames: readonly (string | undefined)[] = namesByTag();
const tndsTags: ReadonlyMap<string, Tag> = new Map(Object.entries(tnds).map(([name, token]) => [name, tndsPage * tagsPerPage + token]));

export function tagOf({ page, token }: { readonly page: number; readonly token: number }): Tag {
  return page * tagsPerPage + token;
}

/** The tag of an element of a serialised tree, or undefined. */
export function tndsTag(name: string): Tag | undefined {
  return tndsTags.get(name);
}

interface TokenTable {
  readonly [name: string]: number;
}

function namesByTag(): (string | undefined)[] {
  const names = new Array<string | undefined>(tagCount).fill(undefined);
  for (const element of Object.values(elements)) names[tagOf(element)] = element.name;
  for (const [page, table] of [unusedSyncml, unusedMetinf, tnds].entries()) {
    for (const [name, token] of Object.entries(table)) names[tagOf({ page, token })] = name;
  }
  return names;
}
