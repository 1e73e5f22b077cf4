import { fileURLToPath } from 'node:url';
import { type FlowPage, flowPages } from '../conversations/flows.js';
import { pageOf } from '../conversations/page.js';
import { readConversation } from '../conversations/read-conversation.js';
import type { Generated } from '../generated.js';

const folder = fileURLToPath(new URL('../../fixtures/conversations', import.meta.url));
const target = 'docs/understand/conversations';

/** docs/understand/conversations: a page for each flow, made from its recording. */
export async function generated(): Promise<Generated[]> {
  const pages = flowPages.map((page) => ({
    path: `${target}/${page.name}.md`,
    content: pageOf(page, readConversation(`${folder}/${page.name}`)),
  }));
  return [{ path: `${target}/README.md`, content: index(flowPages) }, ...pages];
}

function index(pages: readonly FlowPage[]): string {
  const rows = pages.map(({ name, title, intro }) => `| [${title}](${name}.md) | ${intro.split(/(?<=\.) /)[0]} |`);
  return `${[opening, ['| Conversation | What happens |', '|---|---|', ...rows].join('\n'), again].join('\n\n')}\n`;
}

const opening = `# Conversations

What the gateway says and hears, message by message, as it is on the wire. The pages are made from recordings of the real programs, and a test plays each
flow again and compares what is said by whom.`;

const again = `To see your own: \`postern demo --record DIR\`, \`postern run --record DIR\`, and \`postern message FILE\` for one message.
To record these anew: \`npm run build && npx tsx --conditions=postern-source test/house/record-conversations.ts && npm run docs\`.`;
