import { expect, test } from 'vitest';
import { gwInventory, inventoryRecordPath } from '#src/dm/objects/index.js';
import { ManagementTree } from '#src/dm/tree/index.js';

test('of 10 000 devices only the one that is named is looked up', () => {
  const calls: string[] = [];
  const tree = new ManagementTree();
  const ids = () => {
    calls.push('ids');
    return Array.from({ length: 10_000 }, (_, at) => `d${at}`);
  };
  const record = (id: string) => {
    calls.push(id);
    return id === 'd42' ? { deviceId: 'urn:uuid:42', componentType: '0', mode: '2', associationEpoch: '7' } : undefined;
  };
  tree.mount('./Inv', gwInventory({ ids, record }));
  const at = `./Inv/${inventoryRecordPath('d42')}`;
  expect([tree.read(`${at}/DeviceID`), tree.read(`${at}/AssociationEpoch`), tree.read(`${at}/FwV`)]).toEqual([
    'urn:uuid:42',
    '7',
    undefined,
  ]);
  expect(new Set(calls)).toEqual(new Set(['d42']));
  expect(tree.find(['Inv', 'Records', 'd43'])).toBeUndefined();
});
