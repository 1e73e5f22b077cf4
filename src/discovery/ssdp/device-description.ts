import { PosternError } from '#src/base/index.js';
import { readXml, type XmlElement } from '#src/dm/syncml/index.js';
import { plainLine } from '../plain-line.js';

/** What a UPnP device calls itself. */
export interface DeviceDescription {
  readonly name?: string;
  readonly manufacturer?: string;
  readonly model?: string;
}

/** The largest description that is read, in bytes: real ones have 1 to 8 KiB. */
export const largestDescription = 65_536;
const limits = { bytes: largestDescription, depth: 16, elements: 2_000, attributes: 32, text: 4_096 };

/**
 * Reads the description of a root device, which has to be that of `id` (`urn:uuid:…`).
 * @throws PosternError `discovery.description`, `syncml.*`
 * @see UPnP Device Architecture 1.1 § 2.3
 */
export function readDescription(bytes: Uint8Array, id: string): DeviceDescription {
  const text = utf8(bytes);
  if (/<!DOCTYPE/i.test(text)) refuse('it has a document type');
  const root = readXml(text, limits);
  const device = root.name === 'root' ? childOf(root, 'device') : undefined;
  if (device === undefined) refuse('it describes no device');
  if (`urn:${textOf(device, 'UDN').trim().toLowerCase()}` !== id) refuse('it is that of another device');
  return described(device);
}

function described(device: XmlElement): DeviceDescription {
  const name = plainLine(textOf(device, 'friendlyName'));
  const manufacturer = plainLine(textOf(device, 'manufacturer'));
  const model = plainLine(modelOf(textOf(device, 'modelName').trim(), textOf(device, 'modelNumber').trim()));
  return { ...(name && { name }), ...(manufacturer && { manufacturer }), ...(model && { model }) };
}

/** Many repeat the number in the name. */
function modelOf(name: string, number: string): string {
  return number === '' || name.includes(number) ? name : `${name} ${number}`;
}

function textOf(device: XmlElement, name: string): string {
  return childOf(device, name)?.text ?? '';
}

function childOf({ children }: XmlElement, name: string): XmlElement | undefined {
  return children.find((child) => child.name === name);
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new PosternError('discovery.description', { what: 'it is not valid UTF-8' }, { cause });
  }
}

function refuse(what: string): never {
  throw new PosternError('discovery.description', { what });
}
