import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { flowDevice, flowPages } from '../house/conversations/flows.js';
import { readConversation } from '../house/conversations/read-conversation.js';
import { summarise } from '../house/conversations/summarise.js';
import { playFlow } from './conversations/play.js';

const fixtures = fileURLToPath(new URL('../fixtures/conversations', import.meta.url));

test.each(flowPages.map(({ name }) => name))('%s', async (name) => {
  const fresh = mkdtempSync(join(tmpdir(), 'postern-conversation-'));
  onTestFinished(() => rmSync(fresh, { recursive: true, force: true }));
  await playFlow(name, fresh);
  expect(said(fresh)).toEqual(said(join(fixtures, name)));
});

test('every recording has its page', () => {
  expect(readdirSync(fixtures).sort()).toEqual(['origin.yaml', ...flowPages.map(({ name }) => name)].sort());
});

function said(folder: string): object[] {
  return summarise(readConversation(folder), flowDevice);
}
