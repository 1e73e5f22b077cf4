import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { isPosternError, PosternError } from '#src/base/index.js';
import type { CommandLinePorts } from '../ports.js';
import { visible } from '../table.js';
import { example, type Scene } from './verb.js';

interface MessageOptions {
  readonly to?: 'xml' | 'wbxml';
  readonly hex?: boolean;
}

/** How many bytes an error shows before and after the place. */
const around = 16;

/** `message`: what a file holds that went, or could go, over the wire. Needs no running gateway. */
export function addMessage(program: Command, scene: Scene): void {
  const message = program
    .command('message')
    .description(
      'show a SyncML message, a serialised tree (TNDS), in XML, WBXML or hex, or a trigger (Package#0), and say what is wrong with it',
    )
    .argument('<file>', 'the file; - is standard input')
    .addOption(new Option('--to <encoding>', 'write it in this encoding instead, to standard output').choices(['xml', 'wbxml']))
    .option('--hex', 'with --to: as hex digits')
    .action(async (file: string, options: MessageOptions) => {
      const bytes = await read(file, scene.ports);
      const name = file === '-' ? 'standard input' : file;
      await told(name, bytes, () => show(name, bytes, options, scene.ports));
    });
  example(message, 'postern message captured.wbxml', 'postern message message.xml --to wbxml > message.wbxml');
}

// Loaded only here: the other verbs start without the codecs.
async function show(file: string, bytes: Uint8Array, { to, hex }: MessageOptions, ports: CommandLinePorts): Promise<void> {
  const { describeNotification } = await import('../files/notification-file.js');
  const notification = describeNotification(bytes);
  if (notification !== undefined) {
    if (to !== undefined) throw new PosternError('cli.bad-message', { file, what: 'a notification (Package#0) has one encoding only.' });
    return ports.out(visibleLines(notification));
  }
  const { convert, understand } = await import('../files/message-file.js');
  const { indentXml } = await import('../indent-xml.js');
  const understood = understand(bytes, file);
  if (to !== undefined) {
    const converted = convert(understood, to, file);
    return hex ? ports.out(`${Buffer.from(converted).toString('hex')}\n`) : ports.outBytes(converted);
  }
  const what = 'message' in understood ? 'a SyncML message' : 'a serialised tree';
  ports.out(`<!-- ${what} in ${understood.encoding === 'xml' ? 'XML' : 'WBXML'}, ${understood.bytes} bytes -->\n`);
  // Without its declaration, which nothing may stand before.
  ports.out(
    indentXml(
      Buffer.from(convert(understood, 'xml', file))
        .toString('utf8')
        .replace(/^<\?xml[^>]*\?>/, ''),
    ),
  );
}

/** A server id can hold what steers a terminal. */
function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

async function read(file: string, ports: CommandLinePorts): Promise<Uint8Array> {
  if (file === '-') return ports.readStandardInputBytes();
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new PosternError('cli.unreadable', { file, why: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
}

/** Says what is wrong with the file, and shows the place. */
async function told(file: string, bytes: Uint8Array, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!isPosternError(error) || error.code.startsWith('cli.')) throw error;
    throw new PosternError('cli.bad-message', { file, what: error.message + placeOf(error, bytes) }, { cause: error });
  }
}

function placeOf({ message, details }: PosternError, bytes: Uint8Array): string {
  const at = details['at'];
  if (typeof at !== 'number') return '';
  const before = bytes.subarray(Math.max(at - around, 0), at);
  const after = bytes.subarray(at, at + around);
  const shown = [before, after].map((part) => excerpt(part, (bytes[0] ?? 0) < 0x20));
  return `${/\bbyte \d/.test(message) ? '' : ` (byte ${at})`}\n  ${shown[0]} >>> ${shown[1]}`;
}

function excerpt(bytes: Uint8Array, isBinary: boolean): string {
  const text = Buffer.from(bytes);
  return isBinary ? (text.toString('hex').match(/../g) ?? []).join(' ') : visible(text.toString('utf8'));
}
