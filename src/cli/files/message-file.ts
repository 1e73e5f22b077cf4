import { PosternError } from '#src/base/index.js';
import {
  beginsTree,
  type Codec,
  codecOf,
  type DecodeLimits,
  decodeWbxmlTree,
  defaultDecodeLimits,
  encodeWbxmlTree,
  holdsWbxmlTree,
  type SyncMLMessage,
} from '#src/dm/syncml/index.js';
import { parseTnds } from '#src/dm/tree/index.js';

/** A message or a serialised tree, and how it came. */
export type Understood = {
  readonly encoding: Codec['encoding'];
  readonly bytes: number;
} & ({ readonly message: SyncMLMessage } | { readonly tree: string });

/** Files that somebody wants to look at may be larger than what a peer may send. */
const limits: DecodeLimits = { ...defaultDecodeLimits, bytes: 16_777_216, text: 16_777_216, elements: 500_000 };

/**
 * Reads a message or a serialised tree, in XML or WBXML, or either as hex digits.
 * @throws PosternError `syncml.*`, `tree.*`, `cli.bad-message`
 */
export function understand(bytes: Uint8Array, file: string): Understood {
  const first = bytes[0] ?? 0;
  if (first >= 1 && first <= 3) return understandWbxml(bytes);
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  if (/^\s*</.test(text)) return understandXml(bytes, text);
  const digits = text.replace(/\s+/g, '');
  if (/^(?:[0-9a-f]{2})+$/i.test(digits)) return understand(Buffer.from(digits, 'hex'), file);
  const what = 'it is neither XML nor WBXML nor hex digits of either.';
  throw new PosternError('cli.bad-message', { file, what });
}

/** The same in another encoding. @throws PosternError `syncml.*`, `cli.bad-message` */
export function convert(understood: Understood, to: Codec['encoding'], file: string): Uint8Array {
  if ('message' in understood) return codecOf[to].encode(understood.message);
  if (to === 'xml') return Buffer.from(understood.tree);
  const document = encodeWbxmlTree({ markup: understood.tree });
  if (document !== undefined) return document;
  throw new PosternError('cli.bad-message', { file, what: 'it holds what WBXML has no words for.' });
}

function understandWbxml(bytes: Uint8Array): Understood {
  const about = { encoding: 'wbxml', bytes: bytes.length } as const;
  if (!holdsWbxmlTree(bytes, limits)) return { ...about, message: codecOf.wbxml.decode(bytes, limits) };
  return { ...about, tree: checked(decodeWbxmlTree(bytes, limits).markup) };
}

function understandXml(bytes: Uint8Array, text: string): Understood {
  const about = { encoding: 'xml', bytes: bytes.length } as const;
  return beginsTree(text) ? { ...about, tree: checked(text) } : { ...about, message: codecOf.xml.decode(bytes, limits) };
}

/** A tree is looked at by whom it is for: what is no node is said. */
function checked(tree: string): string {
  parseTnds(tree, limits);
  return tree;
}
