import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { isPosternError } from '#src/base/index.js';
import { createSealer } from '#src/security/index.js';

const sealer = createSealer(Buffer.alloc(32, 7));

it('opens what it sealed, text and bytes', () => {
  const bytes = randomBytes(1000);
  expect(sealer.open(sealer.seal('päßwort', 'a'), 'a')).toBe('päßwort');
  expect(Buffer.from(sealer.openBytes(sealer.sealBytes(bytes, 'a'), 'a'))).toEqual(bytes);
});

it('never seals the same way twice', () => {
  expect(sealer.seal('x', 'a')).not.toBe(sealer.seal('x', 'a'));
});

it('does not open in another place', () => {
  expect(codeOf(() => sealer.open(sealer.seal('x', 'device 1'), 'device 2'))).toBe('security.sealed-damaged');
});

it('names both keys when the key is another', () => {
  const other = createSealer(Buffer.alloc(32, 8));
  const open = () => other.open(sealer.seal('x', 'a'), 'a');
  expect(codeOf(open)).toBe('security.wrong-key');
  expect(open).toThrow(new RegExp(`${sealer.keyId}.*${other.keyId}.*put the key file back`));
});

it('does not open when any byte was changed or cut off', () => {
  const sealed = Buffer.from(sealer.sealBytes(Buffer.from('secret'), 'a'));
  for (let at = 12; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(codeOf(() => sealer.openBytes(changed, 'a'))).toBe('security.sealed-damaged');
    expect(codeOf(() => sealer.openBytes(sealed.subarray(0, at), 'a'))).toBe('security.sealed-damaged');
  }
});

it('does not open rubbish', () => {
  expect(codeOf(() => sealer.open('rubbish', 'a'))).toBe('security.sealed-damaged');
});

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isPosternError(error)) return error.code;
    throw error;
  }
  return 'none';
}
