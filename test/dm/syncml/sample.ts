import { isPosternError } from '#src/base/index.js';
import {
  type DecodeLimits,
  decodeWbxmlTree,
  defaultDecodeLimits,
  encodeWbxmlTree,
  type Payload,
  type SyncMLMessage,
  wbxmlCodec,
  xmlCodec,
} from '#src/dm/syncml/index.js';

export const header =
  '<SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID>' +
  '<Target><LocURI>t</LocURI></Target><Source><LocURI>s</LocURI></Source></SyncHdr>';

/** A whole message around what stands in its body. */
export function inBody(body: string): string {
  return `<SyncML xmlns="SYNCML:SYNCML1.2">${header}<SyncBody>${body}</SyncBody></SyncML>`;
}

/** A whole message whose only Item holds this Data. */
export function inData(data: string): string {
  return inBody(`<Add><CmdID>1</CmdID><Item><Data>${data}</Data></Item></Add>`);
}

export function decode(xml: string | Uint8Array, limits: Partial<DecodeLimits> = {}): SyncMLMessage {
  return xmlCodec.decode(typeof xml === 'string' ? Buffer.from(xml) : xml, { ...defaultDecodeLimits, ...limits });
}

export function encode(message: SyncMLMessage): string {
  return Buffer.from(xmlCodec.encode(message)).toString('utf8');
}

/** The Data of the first Item of the first command. */
export function dataOf(message: SyncMLMessage): Payload | undefined {
  const command = message.SyncBody.commands[0];
  return command !== undefined && 'Item' in command ? command.Item?.[0]?.Data : undefined;
}

/** The code of the error that something raises, or 'none'; what is no table error goes on. */
export function codeOf(run: () => unknown): string {
  try {
    run();
    return 'none';
  } catch (error) {
    if (isPosternError(error)) return error.code;
    throw error;
  }
}

export function decodeWbxml(bytes: Uint8Array, limits: Partial<DecodeLimits> = {}): SyncMLMessage {
  return wbxmlCodec.decode(bytes, { ...defaultDecodeLimits, ...limits });
}

export function encodeWbxml(message: SyncMLMessage): Buffer {
  return Buffer.from(wbxmlCodec.encode(message));
}

/** The message as WBXML carries it: trees as their plainest markup, other markup as text; without Size, which is another then. */
export function inWbxml<T>(message: T): T {
  return JSON.parse(JSON.stringify(message), (key, value) => {
    if (key === 'Size') return undefined;
    return typeof value?.markup === 'string' ? plainMarkup(value.markup) : value;
  });
}

function plainMarkup(markup: string): Payload {
  const document = encodeWbxmlTree({ markup });
  return document === undefined ? markup : decodeWbxmlTree(document, defaultDecodeLimits);
}
