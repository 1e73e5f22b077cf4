import { expect, it } from 'vitest';
import { device, openStore, temporaryDirectory } from './store-fixture.js';

it('keeps one message per device, and no answer beyond its limit', () => {
  const { inventory, lastMessages } = openStore(temporaryDirectory(), { limits: { answerBytes: 10 } });
  inventory.declare(device);
  const message = (digest: string, bytes: number) => ({
    digest,
    content: '',
    at: 0,
    answer: { contentType: 'x', body: Buffer.alloc(bytes) },
  });
  lastMessages.put(device.id, message('first', 10));
  expect(() => lastMessages.put(device.id, message('second', 11))).toThrow(
    expect.objectContaining({ code: 'store.answer-too-large', status: 413 }),
  );
  expect(lastMessages.get(device.id)?.digest).toBe('first');
  lastMessages.put(device.id, { digest: 'third', content: '', at: 1 });
  expect(lastMessages.get(device.id)).toEqual({ digest: 'third', content: '', at: 1 });
});

it('keeps a bounded number of ACLs per device, which can still change', () => {
  const { inventory, acls } = openStore(temporaryDirectory(), { limits: { aclRows: 2 } });
  inventory.declare(device);
  acls.put(device.id, 's', './A', 'Get=*');
  acls.put(device.id, 's', './B', 'Get=*');
  expect(() => acls.put(device.id, 's', './C', 'Get=*')).toThrow(expect.objectContaining({ code: 'store.too-many-acls', status: 420 }));
  acls.put(device.id, 's', './B', 'Get=s');
  expect(acls.get(device.id, 's', './B')).toBe('Get=s');
});
