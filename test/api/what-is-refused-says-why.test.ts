import { expect, it } from 'vitest';
import { controlApi, smallServerApi } from '#src/api/index.js';
import { PosternError, silentLog } from '#src/base/index.js';
import { maxBodyBytes } from '#src/control/index.js';
import { knownDevice, MemoryGateway } from './memory-gateway.js';
import { MemorySmallServer } from './memory-small-server.js';

const gateway = new MemoryGateway();
gateway.devices.set('urn:here', knownDevice('urn:here'));
gateway.devices.set('urn:declared', { ...knownDevice('urn:declared'), origin: 'config' });
gateway.listSessions = () => Promise.reject(new PosternError('control.unavailable', { what: 'it is draining' }));

it.each([
  ['GET', '/v1/devices/urn:gone', undefined, 404, 'control.not-found'],
  ['GET', '/v1/devices/', undefined, 404, 'control.no-route'],
  ['GET', '/v2/devices', undefined, 404, 'control.no-route'],
  ['PUT', '/v1/devices', '{}', 404, 'control.no-route'],
  ['DELETE', '/v1/devices/urn:declared', undefined, 409, 'control.declared'],
  ['POST', '/v1/devices', '{"id":"urn:here"}', 409, 'control.exists'],
  ['POST', '/v1/devices', '{"id":', 400, 'control.invalid'],
  ['POST', '/v1/devices', '', 400, 'control.invalid'],
  ['POST', '/v1/devices', 'null', 400, 'control.invalid'],
  ['POST', '/v1/devices', '[]', 400, 'control.invalid'],
  ['POST', '/v1/devices', `{"id":"urn:x","name":"${'n'.repeat(maxBodyBytes)}"}`, 413, 'control.too-large'],
  ['GET', `/v1/devices/${'x'.repeat(129)}`, undefined, 400, 'control.invalid'],
  ['GET', '/v1/accounts?devise=urn:here', undefined, 400, 'control.invalid'],
  ['GET', '/v1/sessions', undefined, 503, 'control.unavailable'],
])('%s %.40s %.20s: %i %s', async (method, path, body, status, code) => {
  const response = await controlApi(gateway, silentLog).request(path, { method, ...(body === undefined ? {} : { body }) });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { code, message: expect.stringMatching(/.{20}/) } });
});

it('a body that hides its length is cut off too', async () => {
  const chunk = new TextEncoder().encode('x'.repeat(16 * 1024));
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      sent += chunk.length;
      controller.enqueue(chunk);
      if (sent === 4 * maxBodyBytes) controller.close();
    },
  });
  const request = new Request('http://localhost/v1/devices', { method: 'POST', body, duplex: 'half' });
  expect((await controlApi(gateway, silentLog).request(request)).status).toBe(413);
  expect(sent).toBeLessThan(4 * maxBodyBytes);
});

it.each(['61', '-1', 'soon'])('a wait of %s is out of bounds', async (wait) => {
  const response = await smallServerApi(new MemorySmallServer(), silentLog).request(`/v1/commands/1?wait=${wait}`);
  expect(await response.json()).toMatchObject({ error: { problems: [{ field: 'wait' }] } });
});
