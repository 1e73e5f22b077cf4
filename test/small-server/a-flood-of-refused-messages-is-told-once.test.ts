import { expect, it } from 'vitest';
import { device, startServer } from './server-under-test.js';
import { TestClient } from './test-client.js';

it('and how many more there were at the end of the minute', async () => {
  const allowed = { ...device, id: 'urn:x:allowed', allowPlainHttp: true };
  const target = await startServer({ plain: true, clients: [device, allowed] });
  for (let times = 0; times < 3; times += 1) {
    await new TestClient(target, device).post('<SyncML>');
    await new TestClient(target, device).visit();
    await new TestClient(target, allowed).visit();
  }
  const warnings = () => target.said.filter((line) => line.startsWith('warn')).sort();
  const told = [
    'warn: a client came over plain http without leave; it was refused',
    'warn: a client shows its credentials over plain http, as it is allowed to',
    'warn: a message was refused',
  ];
  expect(warnings()).toEqual(told);
  target.clock.advance(60_000);
  expect(warnings()).toEqual([...told, ...told].sort());
});
