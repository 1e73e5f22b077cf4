import { expect, test } from 'vitest';
import { Counters } from '#src/base/index.js';
import { Drops } from '#src/discovery/ssdp/drops.js';

test('the metrics keep what the log has told', () => {
  const counters = new Counters();
  const drops = new Drops(counters);
  drops.count('malformed');
  drops.taken();
  drops.count('malformed');
  expect(counters.samples('postern_discovery_dropped_total')).toEqual([{ labels: { protocol: 'ssdp', reason: 'malformed' }, value: 2 }]);
});
