import { expect, it } from 'vitest';
import type { DeviceAnswer } from '#src/control/index.js';
import { knownDevice, MemoryGateway } from '../api/memory-gateway.js';
import { serveGateway } from '../api/served.js';
import { runVerb } from './run-verb.js';

const seen = { status: 'attached', seenBy: ['session', 'ssdp'], lastSeen: '2026-01-01T00:00:00.000Z' } satisfies Partial<DeviceAnswer>;
const camera: DeviceAnswer = { ...knownDevice('urn:imei:1', ['operator']), name: 'camera', model: 'C-1', ...seen };

async function serveTwo(): Promise<string> {
  const gateway = new MemoryGateway();
  gateway.devices.set(camera.id, camera);
  gateway.devices.set('urn:x', knownDevice('urn:x'));
  return serveGateway(gateway);
}

it('in aligned columns', async () => {
  const { out, code } = await runVerb(['devices', 'list', '--socket', await serveTwo()]);
  expect(out).toBe(
    [
      'DEVICE      NAME    MODE   STATUS    SEEN BY        MODEL  LAST SEEN\n',
      'urn:imei:1  camera  proxy  attached  session, ssdp  C-1    2026-01-01T00:00:00.000Z\n',
      'urn:x       -       proxy  known     -              -      -\n',
    ].join(''),
  );
  expect(code).toBe(0);
});

it('as JSON that is the answer itself', async () => {
  const { out } = await runVerb(['--socket', await serveTwo(), 'devices', 'list', '--json']);
  expect(JSON.parse(out)).toEqual([camera, knownDevice('urn:x')]);
});

it('one alone with everything known', async () => {
  const { out } = await runVerb(['devices', 'show', 'urn:imei:1', '--socket', await serveTwo()]);
  expect(out).toMatch(/^accounts +operator$/m);
  expect(out).toMatch(/^association +0$/m);
});

it('the socket is found in the state folder', async () => {
  const socket = await serveTwo();
  const { err, code } = await runVerb(['devices', 'list'], { env: { STATE_DIRECTORY: '/nonexistent/first:/second' } });
  expect([err, code]).toEqual([expect.stringContaining('Nothing answers at /nonexistent/first/control.sock'), 3]);
  expect(socket).toContain('test.sock');
});

it('without one, in the home', async () => {
  expect((await runVerb(['devices', 'list'])).err).toContain('/nonexistent/.local/state/postern/control.sock');
});

it('all of them, however many pages they are', async () => {
  const gateway = new MemoryGateway();
  const ids = Array.from({ length: 450 }, (_, at) => `urn:x:${String(at).padStart(4, '0')}`);
  for (const id of ids) gateway.devices.set(id, knownDevice(id));
  const { out } = await runVerb(['devices', 'list', '--json', '--socket', await serveGateway(gateway)]);
  expect(JSON.parse(out).map(({ id }: { id: string }) => id)).toEqual(ids);
  expect(gateway.calls.map(([, input]) => input)).toEqual([
    { after: '', limit: 200 },
    { after: 'urn:x:0199', limit: 200 },
    { after: 'urn:x:0399', limit: 200 },
  ]);
});
