import { expect, test } from 'vitest';
import { parseHardware } from '#src/programs/gateway/parse-hardware.js';

const empty = { disks: [], interfaces: [] };

test.each([
  ['what is no text', { model: 5, memory: 'much', cpu: 7, virtual: 'no' }, empty],
  ['an empty text', { model: ' ', cpu: { model: '', cores: 2 } }, { ...empty, cpu: { cores: 2 } }],
  ['what steers a terminal', { model: 'a\u001b[2Jb\n' }, { ...empty, model: 'a[2Jb' }],
  ['a long text', { system: 'x'.repeat(1_000) }, { ...empty, system: 'x'.repeat(128) }],
  ['a disk without a name, an address that is none', { disks: [{ size: 5 }], interfaces: [{ name: 'eth0', mac: 'x' }] }, empty],
  ['a name that steers a terminal', { interfaces: [{ name: 'eth\u001b0', mac: '02:00:00:00:00:01' }] }, empty],
  ['a size that is no number', { memory: 2 ** 40 }, empty],
])('%s', (_, said, known) => {
  expect(parseHardware(JSON.stringify(said))).toEqual(known);
});

test('more disks than a box has', () => {
  const disks = Array.from({ length: 100 }, (_, at) => ({ name: `/${at}`, type: 'ext4', size: 1 }));
  expect(parseHardware(JSON.stringify({ disks }))?.disks).toHaveLength(32);
});

test.each(['', '[]', '"x"', '{'])('%j is nothing', (said) => {
  expect(parseHardware(said)).toBeUndefined();
});
