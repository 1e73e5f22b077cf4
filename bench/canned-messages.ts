import { md5Credential } from '#src/dm/auth/index.js';

export const dmContentType = 'application/vnd.syncml.dm+xml; charset=UTF-8';
/** What fills the nodes of the messages, so that each comes to some 4 KB. */
const filling = 'x'.repeat(170);
const fillingNodes = 13;
const gets = 12;

/** What both ends put into the header of a message. */
export interface Header {
  readonly session: string;
  readonly message: number;
  readonly target: string;
  readonly source: string;
  /** An MD5 credential, Base64. */
  readonly cred?: string;
}

/** One command that a message carries, as far as an answer needs it. */
interface CarriedCommand {
  readonly name: string;
  readonly id: string;
  readonly node: string | undefined;
}

/** Package 1 of a device: an alert and a DevInfo with vendor's nodes, some 4 KB. @param alert 1200 where a trigger asked for it */
export function firstPackage(header: Header, alert: '1200' | '1201' = '1201'): string {
  const nodes = Array.from({ length: fillingNodes }, (_, at) => item('Source', `./DevInfo/Ext/Bench/Node${at}`, filling));
  const own = [
    item('Source', './DevInfo/DevId', header.source),
    item('Source', './DevInfo/Man', 'Bench'),
    item('Source', './DevInfo/Mod', 'Lamp'),
  ];
  const rest = [item('Source', './DevInfo/DmV', '1.2'), item('Source', './DevInfo/Lang', 'en')];
  const replace = `<Replace><CmdID>2</CmdID>${[...own, ...rest, ...nodes].join('')}</Replace>`;
  return message(header, `<Alert><CmdID>1</CmdID><Data>${alert}</Data></Alert>${replace}`);
}

/** Package 3 of a device: what became of each command, some 4 KB for {@link commands}. @param nonce for the server's next credential */
export function results(header: Header, received: string, nonce: string): string {
  const ref = /<MsgID>(\d+)</.exec(received)?.[1] ?? '1';
  const statuses = carried(received).map(({ name, id, node }, at) => {
    const refs = `<MsgRef>${ref}</MsgRef><CmdRef>${id}</CmdRef>`;
    const status = `<Status><CmdID>${2 * at + 2}</CmdID>${refs}<Cmd>${name}</Cmd><Data>200</Data></Status>`;
    if (name !== 'Get' || node === undefined) return status;
    return `${status}<Results><CmdID>${2 * at + 3}</CmdID>${refs}${item('Source', node, 'some value of a node')}</Results>`;
  });
  return message(header, headerStatus(ref, header, nonce) + statuses.join(''));
}

/** A server's answer to package 1: it takes the proof, hands over a nonce, and has work of some 4 KB, or none. */
export function commands(header: Header, received: string, nonce: string, work: boolean): string {
  const ref = /<MsgID>(\d+)</.exec(received)?.[1] ?? '1';
  const statuses = carried(received).map(
    ({ name, id }, at) =>
      `<Status><CmdID>${at + 2}</CmdID><MsgRef>${ref}</MsgRef><CmdRef>${id}</CmdRef><Cmd>${name}</Cmd><Data>200</Data></Status>`,
  );
  const writes = Array.from(
    { length: fillingNodes - 5 },
    (_, at) => `<Replace><CmdID>${at + 20}</CmdID>${item('Target', `./Vendor/Lamp/Node${at}`, filling)}</Replace>`,
  );
  const reads = Array.from({ length: gets }, (_, at) => {
    return `<Get><CmdID>${at + 40}</CmdID><Item><Target><LocURI>./Vendor/Lamp/Node${at}</LocURI></Target></Item></Get>`;
  });
  return message(header, headerStatus(ref, header, nonce) + statuses.join('') + (work ? [...writes, ...reads].join('') : ''));
}

/** A server's last answer: nothing more. */
export function nothingMore(header: Header, received: string): string {
  const ref = /<MsgID>(\d+)</.exec(received)?.[1] ?? '1';
  return message(header, `<Status><CmdID>1</CmdID><MsgRef>${ref}</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>212</Data></Status>`);
}

/** The nonce that a message hands over, Base64. */
export function nonceIn(received: string): string | undefined {
  return /<NextNonce[^>]*>([^<]+)</.exec(received)?.[1];
}

/** Whether the Status for our header wants (other) credentials. */
export function isChallenge(received: string): boolean {
  return /<Cmd>SyncHdr<\/Cmd>.*?<Data>(401|407)<\/Data>/s.exec(received.slice(0, received.indexOf('</Status>') + 9)) !== null;
}

/** The text of the first such element. */
export function textOf(received: string, element: string): string | undefined {
  return new RegExp(`<${element}>([^<]*)<`).exec(received)?.[1];
}

/** @param nonce Base64; absent: none can be made */
export function credential(digest: string, nonce: string | undefined): { cred?: string } {
  return nonce === undefined ? {} : { cred: md5Credential(digest, nonce) };
}

function carried(received: string): CarriedCommand[] {
  const found = received.matchAll(/<(Alert|Replace|Get)><CmdID>(\d+)<\/CmdID>(?:<Item><Target><LocURI>([^<]+))?/g);
  return Array.from(found, ([, name = '', id = '', node]) => ({ name, id, node }));
}

function message({ session, message: id, target, source, cred }: Header, body: string): string {
  const proof = cred === undefined ? '' : `<Cred>${meta('b64', 'syncml:auth-md5')}<Data>${cred}</Data></Cred>`;
  const names = `<Target><LocURI>${target}</LocURI></Target><Source><LocURI>${source}</LocURI></Source>`;
  const sizes = '<Meta><MaxMsgSize xmlns="syncml:metinf">65536</MaxMsgSize><MaxObjSize xmlns="syncml:metinf">1048576</MaxObjSize></Meta>';
  const header = `<VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>${session}</SessionID><MsgID>${id}</MsgID>${names}${proof}${sizes}`;
  return `<?xml version="1.0" encoding="UTF-8"?><SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr>${header}</SyncHdr><SyncBody>${body}<Final/></SyncBody></SyncML>`;
}

function headerStatus(ref: string, { target, source }: Header, nonce: string): string {
  const chal = `<Chal><Meta><Format xmlns="syncml:metinf">b64</Format><Type xmlns="syncml:metinf">syncml:auth-md5</Type><NextNonce xmlns="syncml:metinf">${nonce}</NextNonce></Meta></Chal>`;
  const refs = `<MsgRef>${ref}</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><TargetRef>${source}</TargetRef><SourceRef>${target}</SourceRef>`;
  return `<Status><CmdID>1</CmdID>${refs}${chal}<Data>212</Data></Status>`;
}

function item(end: 'Source' | 'Target', node: string, data: string): string {
  return `<Item><${end}><LocURI>${node}</LocURI></${end}>${meta('chr', 'text/plain')}<Data>${data}</Data></Item>`;
}

function meta(format: string, type: string): string {
  return `<Meta><Format xmlns="syncml:metinf">${format}</Format><Type xmlns="syncml:metinf">${type}</Type></Meta>`;
}
