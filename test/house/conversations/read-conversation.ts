import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codecOf, defaultDecodeLimits } from '#src/dm/syncml/index.js';
import { type Element, headerOf, readXml } from '../../e2e/recorded-messages.js';

/** One thing that went over a wire of the gateway, in the order of time. */
export interface Turn {
  readonly file: string;
  readonly leg: 'south' | 'north';
  readonly kind: 'request' | 'response' | 'trigger' | 'tunnel';
  /** Start line and fields; empty where there are none. */
  readonly head: readonly string[];
  readonly body: Buffer;
  readonly said?: Said;
}

/** A SyncML message, whichever encoding it came in. */
export interface Said {
  readonly encoding: 'xml' | 'wbxml';
  readonly xml: string;
  readonly message: Element;
}

const fileName = /^\d{4,}-(south|north)-(request|response|trigger|tunnel)\.(?:http|bin|txt)$/;

/** Reads what `postern run --record` wrote, and what a recorded flow added: triggers as they were sent, tunnels as they were seen. */
export function readConversation(folder: string): Turn[] {
  return readdirSync(folder)
    .sort()
    .map((file) => readTurn(file, readFileSync(join(folder, file))));
}

/** Who speaks for whom: the client of a message. */
export function clientOf({ kind, said }: Turn): string | undefined {
  if (said === undefined) return undefined;
  const { source, target } = headerOf(said.message);
  return kind === 'request' ? source : target;
}

function readTurn(file: string, bytes: Buffer): Turn {
  const match = fileName.exec(file);
  if (match === null) throw new Error(`${file} is no part of a conversation`);
  const [, leg, kind] = match as unknown as [string, Turn['leg'], Turn['kind']];
  if (kind === 'trigger' || kind === 'tunnel') return { file, leg, kind, head: [], body: bytes };
  const blank = bytes.indexOf('\r\n\r\n');
  const head = bytes.subarray(0, blank).toString('latin1').split('\r\n');
  const body = bytes.subarray(blank + 4);
  return { file, leg, kind, head, body, ...(body.length === 0 ? {} : { said: readMessage(body) }) };
}

function readMessage(body: Buffer): Said {
  const encoding = (body[0] ?? 0) < 0x20 ? 'wbxml' : 'xml';
  const xml =
    encoding === 'xml'
      ? body.toString('utf8')
      : Buffer.from(codecOf.xml.encode(codecOf.wbxml.decode(body, defaultDecodeLimits))).toString('utf8');
  return { encoding, xml, message: readXml(xml) };
}
