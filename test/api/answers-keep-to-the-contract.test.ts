import { expect, it } from 'vitest';
import { controlApi } from '#src/api/index.js';
import { type Log, silentLog } from '#src/base/index.js';
import { createControlClient } from '#src/control/index.js';
import { knownDevice, MemoryGateway } from './memory-gateway.js';
import { serveGateway } from './served.js';

const account = { serverId: 'operator', address: 'https://dm.example/dm', clientPassword: 'open-sesame', serverPassword: 'two' };

it('a secret that the service lets slip is not in the answer', async () => {
  const body = JSON.stringify(account);
  const response = await controlApi(new MemoryGateway(), silentLog).request('/v1/accounts', { method: 'POST', body });
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject({ serverId: 'operator', scheme: 'md5' });
  expect(text).not.toMatch(/open-sesame|two|assword/);
});

it('an answer that breaks it is a failure of ours, logged and not sent', async () => {
  const gateway = new MemoryGateway();
  gateway.devices.set('urn:x', { ...knownDevice('urn:x'), firstSeen: 'yesterday' });
  const logged: object[] = [];
  const log: Log = { ...silentLog, error: (fields) => logged.push(fields) };
  const response = await controlApi(gateway, log).request('/v1/devices/urn:x');
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({ error: { code: 'control.internal' } });
  expect(logged).toMatchObject([{ method: 'GET', path: '/v1/devices/urn:x' }]);
});

it('defaults are filled in before the service sees the input', async () => {
  const gateway = new MemoryGateway();
  await createControlClient({ socket: await serveGateway(gateway) }).addDevice({ id: 'urn:x' });
  const defaults = { mode: 'proxy', scheme: 'md5', withoutPassword: false, allowPlainHttp: false, polling: 'always' };
  expect(gateway.calls).toEqual([['addDevice', { id: 'urn:x', ...defaults, trigger: { by: 'none' }, accounts: [] }]]);
});

it('nothing to answer is 204', async () => {
  const gateway = new MemoryGateway();
  gateway.devices.set('urn:x', knownDevice('urn:x'));
  const response = await controlApi(gateway, silentLog).request('/v1/devices/urn:x', { method: 'DELETE' });
  expect([response.status, await response.text()]).toEqual([204, '']);
});

it('no answer may be kept by a cache', async () => {
  const api = controlApi(new MemoryGateway(), silentLog);
  for (const path of ['/v1/devices', '/v1/devices/urn:x']) {
    expect((await api.request(path)).headers.get('cache-control')).toBe('no-store');
  }
});
