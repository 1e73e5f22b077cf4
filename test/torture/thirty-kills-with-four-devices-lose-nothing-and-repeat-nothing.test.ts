import { expect, it } from 'vitest';
import { torture } from './torture.js';

/** With the twenty of test/e2e, where one device's credentials are watched, fifty in the suite. */
const kills = 30;

it('what was acknowledged reaches the server, no order takes effect twice, and the database is sound each time', {
  timeout: 400_000,
}, async () => {
  const seed = Number(process.env['POSTERN_SEED'] ?? Date.now() % 2 ** 31);
  process.stdout.write(`POSTERN_SEED=${seed}\n`);
  const { acknowledged, effects, whileStarting, ...bad } = await torture({ kills, seed });
  expect(bad).toEqual({ kills, lost: [], repeated: [], unsound: [] });
  process.stdout.write(`${JSON.stringify({ ...acknowledged, effects, whileStarting })}\n`);
  for (const count of [...Object.values(acknowledged), whileStarting]) expect(count).toBeGreaterThan(0);
  expect(effects).toBeGreaterThan(0);
});
