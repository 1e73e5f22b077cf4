import { PosternError } from '#src/base/index.js';
import { type DecodeLimits, defaultDecodeLimits, escapeXml, readXml, type XmlElement } from '#src/dm/syncml/index.js';
import { type Acl, formatAcl, parseAcl } from './acl.js';
import { type NodeFormat, parseFormat, wireFormat } from './format.js';
import { formatTimestamp } from './timestamp.js';
import { type TndsPart, tndsParts } from './tnds-part.js';

/** A node in a serialised tree. */
export interface TndsNode {
  /** Empty: the last segment of the command's target. */
  readonly name: string;
  /** Where it stands below the command's target, itself excluded. */
  readonly path?: string;
  readonly format: NodeFormat;
  /** MIME type of a leaf, identifier of a management object on an interior node. */
  readonly type?: string;
  readonly acl?: Acl;
  readonly title?: string;
  /** Milliseconds since 1970; written, not read. */
  readonly timestamp?: number;
  /** Written, not read. */
  readonly version?: number;
  /** Base64 text where the format is bin. */
  readonly value?: string;
  readonly children: readonly TndsNode[];
}

/** The type of a serialised tree in XML. */
export const tndsType = 'application/vnd.syncml.dmtnds+xml';
const namespace = 'syncml:dmddf1.2';

export function isTndsType(type: string): boolean {
  return type.split(';')[0]?.trim().toLowerCase() === tndsType;
}

/** Writes trees as one document. @see OMA DM TNDS 1.2 § 5 */
export function formatTnds(nodes: readonly TndsNode[], parts: ReadonlySet<TndsPart> = new Set(tndsParts)): string {
  const body = nodes.map((node) => formatNode(node, parts)).join('');
  return `<MgmtTree xmlns="${namespace}"><VerDTD>1.2</VerDTD>${body}</MgmtTree>`;
}

/**
 * Reads a document: what stands inside Data as elements or as text.
 * @throws PosternError `tree.invalid-tnds`, `tree.invalid-acl`, `syncml.*`
 */
export function parseTnds(text: string, limits: DecodeLimits = defaultDecodeLimits): TndsNode[] {
  const root = readXml(text.trim(), limits);
  if (root.name !== 'MgmtTree') throw invalid(`the root is ${root.name}, not MgmtTree`);
  return childrenOf(root, 'Node').map(parseNode);
}

function formatNode(node: TndsNode, parts: ReadonlySet<TndsPart>): string {
  const value = node.value !== undefined && parts.has('Value') ? element('Value', escapeXml(node.value)) : '';
  const path = node.path === undefined ? '' : element('Path', escapeXml(node.path));
  const children = node.children.map((child) => formatNode(child, parts)).join('');
  return element('Node', element('NodeName', escapeXml(node.name)) + path + formatProperties(node, parts) + value + children);
}

function formatProperties(node: TndsNode, parts: ReadonlySet<TndsPart>): string {
  const texts = tndsParts.map((part) => (parts.has(part) ? propertyWriters[part]?.(node) : ''));
  const text = texts.join('');
  return text === '' ? '' : element('RTProperties', text);
}

const propertyWriters: Readonly<Partial<Record<TndsPart, (node: TndsNode) => string>>> = {
  ACL: ({ acl }) => optional('ACL', formatAcl(acl ?? {})),
  Format: ({ format }) => `<Format><${wireFormat(format)}/></Format>`,
  Type: ({ format, type }) => (type ? element('Type', element(format === 'node' ? 'DDFName' : 'MIME', escapeXml(type))) : ''),
  Title: ({ title }) => optional('Title', title ?? ''),
  TStamp: ({ timestamp }) => optional('TStamp', timestamp === undefined ? '' : formatTimestamp(timestamp)),
  VerNo: ({ version }) => optional('VerNo', version === undefined ? '' : String(version)),
};

function optional(name: string, text: string): string {
  return text === '' ? '' : element(name, escapeXml(text));
}

function element(name: string, markup: string): string {
  return `<${name}>${markup}</${name}>`;
}

function parseNode(from: XmlElement): TndsNode {
  const children = childrenOf(from, 'Node').map(parseNode);
  const properties = childrenOf(from, 'RTProperties')[0];
  const value = childrenOf(from, 'Value')[0];
  if (value !== undefined && value.children.length > 0) throw invalid('a Value holds elements; escape them');
  const path = textOf(from, 'Path');
  const node = { name: textOf(from, 'NodeName') ?? '', ...(path !== undefined && { path }), ...parseProperties(properties), children };
  const format = node.format ?? guessFormat(properties, value, children);
  if (format === 'node' && value !== undefined && value.text !== '') throw invalid(`interior node ${node.name} has a Value`);
  if (format !== 'node' && children.length > 0) throw invalid(`leaf ${node.name} has nodes below it`);
  return format === 'node' ? { ...node, format } : { ...node, format, value: value?.text ?? '' };
}

function parseProperties(properties: XmlElement | undefined) {
  if (properties === undefined) return {};
  const acl = textOf(properties, 'ACL');
  const title = textOf(properties, 'Title');
  const typed = childrenOf(properties, 'Type')[0];
  const type = typed && (textOf(typed, 'MIME') ?? textOf(typed, 'DDFName') ?? (typed.text.trim() || undefined));
  const format = parseFormatElement(childrenOf(properties, 'Format')[0]);
  return { ...(acl && { acl: parseAcl(acl) }), ...(title && { title }), ...(type && { type }), ...(format && { format }) };
}

function parseFormatElement(from: XmlElement | undefined): NodeFormat | undefined {
  const name = from?.children[0]?.name ?? from?.text.trim();
  if (!name) return undefined;
  const format = parseFormat(name);
  if (format === undefined) throw invalid(`there is no format ${name}`);
  return format;
}

/** The Format may be left out: what holds a Value is text, what holds nodes or is an object is interior. */
function guessFormat(properties: XmlElement | undefined, value: XmlElement | undefined, children: readonly TndsNode[]): NodeFormat {
  const type = properties && childrenOf(properties, 'Type')[0];
  const isObject = type !== undefined && childrenOf(type, 'DDFName').length > 0;
  return value === undefined && (children.length > 0 || isObject) ? 'node' : 'chr';
}

function childrenOf(from: XmlElement, name: string): XmlElement[] {
  return from.children.filter((child) => child.name === name);
}

function textOf(from: XmlElement, name: string): string | undefined {
  return childrenOf(from, name)[0]?.text.trim();
}

function invalid(what: string): PosternError {
  return new PosternError('tree.invalid-tnds', { what });
}
