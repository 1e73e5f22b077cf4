import { expect, it } from 'vitest';
import { defaultSmallServerSettings } from '#src/small-server/index.js';
import { device, startServer } from '../../small-server/server-under-test.js';
import { TestClient } from '../../small-server/test-client.js';

const ids = 'DM10:6.3.4-19, SCH:6.3.4-19';

it(`${ids}: the server notices, after the time that is set for it, that a device has not answered a command`, async () => {
  const target = await startServer();
  const id = await target.server.order(device.id, { command: 'Exec', uri: './Vendor/Reboot' });
  const client = new TestClient(target, device);
  await client.visit({ execute: () => 'vanish' });
  expect(target.server.sessions()).toHaveLength(1);
  target.clock.advance(defaultSmallServerSettings.sessionIdle - 1);
  expect(target.server.sessions()).toHaveLength(1);
  target.clock.advance(1);
  expect(target.server.sessions()).toHaveLength(0);
  expect(target.said).toContainEqual(expect.stringMatching(/session/));
  // It was never answered, and nobody pretends that it was.
  expect(await target.server.command(id, 0)).toMatchObject({ state: 'sent', statuses: [] });
  await client.visit();
  expect(await target.server.command(id, 0)).toMatchObject({ state: 'aborted', reason: expect.any(String), statuses: [] });
});

it(`${ids}: every answer names the session, message and command that it answers`, async () => {
  const target = await startServer();
  await target.server.order(device.id, { command: 'Get', uri: './DevInfo/Man' });
  const { posts } = await new TestClient(target, device).visit();
  const answer = Buffer.from(posts.at(-1)?.body ?? []).toString();
  const asked = Buffer.from(posts.at(-2)?.reply.body ?? []).toString();
  const [, msgId] = /<MsgID>(\d+)<\/MsgID>/.exec(asked) ?? [];
  const [, cmdId] = /<Get><CmdID>(\d+)<\/CmdID>/.exec(asked) ?? [];
  expect(msgId).toBeDefined();
  expect(cmdId).toBeDefined();
  expect(answer).toContain(`<MsgRef>${msgId}</MsgRef><CmdRef>${cmdId}</CmdRef><Cmd>Get</Cmd>`);
  expect(/<SessionID>(.*?)</.exec(answer)?.[1]).toBe(/<SessionID>(.*?)</.exec(asked)?.[1]);
});
