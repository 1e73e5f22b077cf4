import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { wbxmlToXml, whyNoLibwbxml } from '../peers/libwbxml.js';

/** An XML element, read with a library that Postern does not use. */
export class Element {
  readonly name: string;
  readonly children: Element[] = [];
  text = '';

  constructor(name: string) {
    this.name = name;
  }

  /** All elements below along a path of names. */
  all(...path: readonly string[]): Element[] {
    const [first, ...rest] = path;
    const found = this.children.filter(({ name }) => name === first);
    return rest.length === 0 ? found : found.flatMap((child) => child.all(...rest));
  }

  /** The text of the first element along a path of names. */
  value(...path: readonly string[]): string | undefined {
    return this.all(...path)[0]?.text;
  }
}

/** One file of a recording. */
export interface Recorded {
  readonly file: string;
  readonly leg: 'south' | 'north';
  readonly kind: 'request' | 'response';
  readonly startLine: string;
  /** By name in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** The body as SyncML; absent where there is none, or where it is WBXML and nobody is there to read it. */
  readonly message?: Element;
}

/** Reads what `--record` wrote, in the order of time; WBXML with libwbxml, where it is. */
export function readRecording(directory: string): Recorded[] {
  const files = readdirSync(directory).sort();
  return understood(files.map((file) => readFile(file, readFileSync(join(directory, file)))));
}

/** The header's facts of a message. */
export function headerOf(message: Element) {
  const header = (...path: string[]) => message.value('SyncHdr', ...path);
  return {
    sessionId: header('SessionID'),
    msgId: Number(header('MsgID')),
    source: header('Source', 'LocURI'),
    target: header('Target', 'LocURI'),
    credential: header('Cred', 'Data'),
  };
}

/** The commands of a message in their order, those inside an Atomic or Sequence too. */
export function commandsOf(message: Element): Element[] {
  const within = (element: Element): Element[] =>
    element.children.filter(({ name }) => commandNames.has(name)).flatMap((each) => [each, ...within(each)]);
  return message.all('SyncBody').flatMap(within);
}

/** The Status for the header of the message that this one answers. */
export function headerStatusOf(message: Element): string | undefined {
  return commandsOf(message)
    .find((command) => command.name === 'Status' && command.value('CmdRef') === '0')
    ?.value('Data');
}

const commandNames = new Set(['Add', 'Alert', 'Atomic', 'Copy', 'Delete', 'Exec', 'Get', 'Replace', 'Results', 'Sequence', 'Status']);

function readFile(file: string, bytes: Buffer): Recorded {
  const match = /^\d{4,}-(south|north)-(request|response)\.http$/.exec(file);
  if (match === null) throw new Error(`${file} is no message`);
  const blank = bytes.indexOf('\r\n\r\n');
  const [startLine = '', ...lines] = bytes.subarray(0, blank).toString('latin1').split('\r\n');
  const body = bytes.subarray(blank + 4);
  const fields = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return {
    file,
    leg: match[1] as Recorded['leg'],
    kind: match[2] as Recorded['kind'],
    startLine,
    fields: new Map(fields),
    body,
  };
}

function understood(recording: readonly Recorded[]): Recorded[] {
  const said = recording.filter(isSyncml);
  const binary = said.filter(({ body }) => isWbxml(body)).map(({ body }) => body);
  const converted = binary.length === 0 || whyNoLibwbxml() !== undefined ? [] : wbxmlToXml(binary);
  return recording.map((each) => {
    if (!said.includes(each)) return each;
    const text = isWbxml(each.body) ? converted[binary.indexOf(each.body)] : each.body;
    return text === undefined ? each : { ...each, message: readXml(text.toString('utf8')) };
  });
}

/** Triggers in answers to long-polls are recorded too. */
function isSyncml({ body, fields }: Recorded): boolean {
  return body.length > 0 && /^application\/vnd\.syncml(\.dm)?\+(xml|wbxml)/.test(fields.get('content-type') ?? '');
}

/** Versions 1.0 to 1.3 of WBXML; no XML begins with such a byte. */
function isWbxml(body: Buffer): boolean {
  return body.length > 0 && (body[0] ?? 0) <= 3;
}

/** Reads one document. @throws Error when there is none */
export function readXml(text: string): Element {
  const root = new Element('');
  const open = [root];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name }) => {
    const element = new Element(name);
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  const addText = (part: string) => {
    const top = open.at(-1);
    if (top !== undefined) top.text += part;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => open.pop());
  parser.write(text).close();
  const [document] = root.children;
  if (document === undefined) throw new Error('no element');
  return document;
}
