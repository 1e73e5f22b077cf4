import { describeNotification } from '../../../src/cli/files/notification-file.js';
import { type FlowPage, flowDevice } from './flows.js';
import { layOutXml } from './lay-out-xml.js';
import type { Turn } from './read-conversation.js';
import { type Summary, summarise } from './summarise.js';
import { readTunnel, tunnelTable } from './tunnel.js';

/** An Item of DevInfo fits. */
const width = 200;
const bytesInLine = 32;
/** Of an HTTP head with a message; what else stands there says nothing about the session. */
const shownFields = /^(?:content-type|content-length|host):/i;

/** One page: what happens, a line for each message, then each message as it was on the wire. */
export function pageOf({ title, intro }: FlowPage, turns: readonly Turn[]): string {
  const summaries = summarise(turns, flowDevice);
  const sections = turns.map((turn, at) => section(turn, at, turns, summaries[at] as Summary));
  return `${[`# ${title}`, intro, tableOf(summaries, turns), ...sections, closing].join('\n\n')}\n`;
}

const closing =
  'Made from a [recording](../../../test/fixtures/conversations) of the real programs (`npm run docs`). Only line breaks and indents are added, and of heads only the fields that say something are shown; ports, nonces and made-up ids are those of that run. [All conversations](README.md)';

function tableOf(summaries: readonly Summary[], turns: readonly Turn[]): string {
  const rows = summaries.map(({ from, to, part, proof, commands, statuses }, at) => {
    const bytes = turns[at]?.kind === 'tunnel' ? '' : (turns[at]?.body.length ?? 0);
    return `| [${at + 1}](#${at + 1}) | ${from} → ${to} | ${part} | ${proof} | ${commands} | ${statuses} | ${bytes} |`;
  });
  const head = '| # | Who → whom | Package | Proof | Commands, results | Statuses | Bytes |';
  return [head, '|--:|---|---|---|---|---|--:|', ...rows].join('\n');
}

function section(turn: Turn, at: number, turns: readonly Turn[], { from, to, part }: Summary): string {
  const name = /^\d/.test(part) ? `package ${part}` : part;
  const same = turns.findIndex((each) => each.leg === turn.leg && each.kind === turn.kind && each.body.equals(turn.body));
  const heading = `## ${at + 1}\n\n${from} → ${to}, ${name}`;
  if (turn.body.length > 0 && same < at) return `${heading}: the same ${turn.body.length} bytes as [${same + 1}](#${same + 1}).`;
  return `${heading}:\n\n${fenced(turn)}`;
}

function fenced(turn: Turn): string {
  if (turn.kind === 'trigger') return block('text', `${hexOf(turn.body)}\n\n${describeNotification(turn.body)?.trim()}`);
  if (turn.kind === 'tunnel') return block('text', tunnelTable(readTunnel(turn.body)));
  const [line = '', ...fields] = turn.head;
  if (turn.said === undefined) return block('http', turn.head.join('\n'));
  const head = [line, ...fields.filter((field) => shownFields.test(field))].join('\n');
  const xml = layOutXml(turn.said.xml, width);
  if (turn.said.encoding === 'xml') return block('http', `${head}\n\n${xml}`);
  return `${block('text', `${head}\n\n${hexOf(turn.body)}`)}\n\nwhich is\n\n${block('xml', xml)}`;
}

function hexOf(bytes: Buffer): string {
  const lines = bytes.toString('hex').match(new RegExp(`.{1,${bytesInLine * 2}}`, 'g')) ?? [];
  return lines.map((line, at) => `${(at * bytesInLine).toString(16).padStart(4, '0')}  ${line.match(/.{1,8}/g)?.join(' ')}`).join('\n');
}

function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
