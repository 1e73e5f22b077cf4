import { expect, it } from 'vitest';
import { device, startServer } from './server-under-test.js';
import { TestClient } from './test-client.js';

it('sends all that is queued in order, as one package, and keeps statuses and results', async () => {
  const target = await startServer();
  const { server } = target;
  const get = await server.order(device.id, { command: 'Get', uri: './DevInfo/Man' });
  const replace = await server.order(device.id, { command: 'Replace', uri: './Vendor/Name', data: 'kitchen', format: 'chr' });
  const atomic = await server.order(device.id, {
    atomic: [
      { command: 'Add', uri: './Vendor/Rooms', format: 'node' },
      { command: 'Delete', uri: './Vendor/Old' },
    ],
  });
  const exec = await server.order(device.id, { command: 'Exec', uri: './Vendor/Reboot', correlator: 'reboot-1' });
  expect((await server.command(get, 0)).state).toBe('queued');

  const { packages, end } = await new TestClient(target, device).visit();
  expect(end).toBe('complete');
  expect(packages).toEqual([
    ['Get ./DevInfo/Man', 'Replace ./Vendor/Name', 'Atomic(Add ./Vendor/Rooms, Delete ./Vendor/Old)', 'Exec ./Vendor/Reboot'],
  ]);
  expect(await server.command(get, 0)).toMatchObject({
    state: 'done',
    statuses: [{ uri: './DevInfo/Man', status: 200 }],
    results: [{ uri: './DevInfo/Man', format: 'chr', type: 'text/plain', data: 'value of ./DevInfo/Man' }],
  });
  expect(await server.command(replace, 0)).toMatchObject({ state: 'done', statuses: [{ uri: './Vendor/Name', status: 200 }] });
  expect((await server.command(atomic, 0)).statuses).toEqual([
    { status: 200 },
    { uri: './Vendor/Rooms', status: 200 },
    { uri: './Vendor/Old', status: 200 },
  ]);
  expect((await server.command(exec, 0)).state).toBe('done');
});

it('sends what was queued during a session in its next package', async () => {
  const target = await startServer();
  await target.server.order(device.id, { command: 'Get', uri: './A' });
  let later: Promise<number> | undefined;
  const { packages } = await new TestClient(target, device).visit({
    execute: (commands) => {
      later ??= target.server.order(device.id, { command: 'Get', uri: './B' });
      return commands.map((command) => ({ name: 'Status', CmdRef: command.CmdID, Cmd: command.name, Data: '404' }));
    },
  });
  expect(packages).toEqual([['Get ./A'], ['Get ./B']]);
  expect(await target.server.command((await later) ?? 0, 0)).toMatchObject({ state: 'done', statuses: [{ uri: './B', status: 404 }] });
});

it('writes binary values in Base64 and says so, and hands an Exec its Correlator', async () => {
  const target = await startServer();
  await target.server.order(device.id, { command: 'Replace', uri: './A', data: 'AAEC', format: 'bin', type: 'image/png' });
  await target.server.order(device.id, { command: 'Exec', uri: './B', correlator: 'job-7' });
  const seen: unknown[] = [];
  await new TestClient(target, device).visit({
    execute: (commands) => {
      seen.push(...commands);
      return 'vanish';
    },
  });
  expect(seen).toMatchObject([{ Item: [{ Meta: { Format: 'b64', Type: 'image/png' }, Data: 'AAEC' }] }, { Correlator: 'job-7' }]);
});

it('keeps results up to a bound and says so', async () => {
  const target = await startServer();
  const id = await target.server.order(device.id, { command: 'Get', uri: './A' });
  await new TestClient(target, device).visit({
    execute: ([command]) => {
      const CmdRef = command?.CmdID ?? '';
      const large = (uri: string) => ({ Source: { LocURI: uri }, Data: 'x'.repeat(200_000) });
      return [
        { name: 'Status', CmdRef, Cmd: 'Get', Data: '200' },
        { name: 'Results', CmdRef, Item: [large('./A/1')] },
        { name: 'Results', CmdRef, Item: [large('./A/2')] },
      ];
    },
  });
  const { state, results, reason } = await target.server.command(id, 0);
  expect(state).toBe('done');
  expect(results.map(({ uri }) => uri)).toEqual(['./A/1']);
  expect(reason).toContain('not kept');
});
