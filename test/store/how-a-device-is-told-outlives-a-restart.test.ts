import { expect, test } from 'vitest';
import type { TriggerPolicy } from '#src/gateway/index.js';
import { device, openStore, temporaryDirectory } from './store-fixture.js';

const policies: (TriggerPolicy | undefined)[] = [{ by: 'udp', port: 2949 }, { by: 'mqtt' }, { by: 'poll' }, undefined];

test.each(policies)('%o', async (trigger) => {
  const directory = temporaryDirectory();
  const before = openStore(directory);
  before.inventory.declare({ ...device, trigger: { by: 'udp', port: 1 } });
  const { trigger: _, ...untold } = { ...device, trigger };
  before.inventory.declare(trigger === undefined ? untold : { ...untold, trigger });
  await before.committed();
  before.close();
  const after = openStore(directory);
  expect(after.inventory.get(device.id)?.trigger).toEqual(trigger);
  expect(after.inventory.find(device.id)?.trigger).toEqual(trigger);
  after.close();
});
