import { expect, test } from 'vitest';
import { loadGatewayConfig } from '#src/config/index.js';
import { problemsOf, writtenFile } from './written-file.js';

const file = (rights: string) => `
devices:
  - id: urn:x
    clientPassword: p
    accounts:
      - { serverId: first, address: https://a, clientPassword: p, priority: 1, polling: 1h }
      - serverId: second
        address: https://b
        clientPassword: p
        rights:${rights}
`;

test('priority, polling and rights of each are read', () => {
  const rules = `
          .: []
          ./DevInfo: [Get]
          ./Vendor/Über Light: [Get, Replace, Exec]
`;
  const accounts = loadGatewayConfig(writtenFile(file(rules)), {}).devices[0]?.accounts;
  expect(accounts?.map(({ priority, polling, rights }) => ({ priority, polling, rights }))).toEqual([
    { priority: 1, polling: 3_600_000, rights: undefined },
    {
      priority: 100,
      polling: undefined,
      rights: { '.': [], './DevInfo': ['Get'], './Vendor/Über Light': ['Get', 'Replace', 'Exec'] },
    },
  ]);
});

test('no line at all is no table that allows everything', () => {
  expect(loadGatewayConfig(writtenFile(file(' {}')), {}).devices[0]?.accounts[1]?.rights).toEqual({});
  expect(problemsOf(file(''))).toMatchObject([{ key: 'devices[0].accounts[1].rights', found: 'empty' }]);
});

test.each([
  ['{ DevInfo: [Get] }', 'devices[0].accounts[1].rights.DevInfo'],
  ['{ ./DevInfo/: [Get] }', 'devices[0].accounts[1].rights../DevInfo/'],
  ['{ ./A/../B: [Get] }', 'devices[0].accounts[1].rights../A/../B'],
  ['{ ./A?prop=ACL: [Get] }', 'devices[0].accounts[1].rights../A?prop=ACL'],
  ['{ ./A: [Get, Copy] }', 'devices[0].accounts[1].rights../A[1]'],
  ['{ ./A: Get }', 'devices[0].accounts[1].rights../A'],
  [`{ ${Array.from({ length: 257 }, (_, at) => `./A${at}: [Get]`).join(', ')} }`, 'devices[0].accounts[1].rights'],
])('%s is refused', (rules, key) => {
  expect(problemsOf(file(` ${rules}`))).toMatchObject([{ key, allowed: expect.stringContaining('./DevInfo: [Get]') }]);
});
