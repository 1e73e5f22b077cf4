import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DmAccount, dmAcc, dmAccDefinition, dmAccTnds, readDmAcc, readDmAccNode, standardObjects } from '#src/dm/objects/index.js';
import { executeCommands, ManagementTree, parseAcl, StoredInterior, tndsType } from '#src/dm/tree/index.js';

const word = fc.stringMatching(/^[!-.0->@-~]{1,16}$/).filter((text) => !/^\.\.?$/.test(text));
const credentials = fc.record(
  { type: fc.constantFrom('BASIC' as const, 'DIGEST' as const), name: word, secret: word, nonce: fc.constant('Tm9uY2U=') },
  { requiredKeys: ['type', 'name', 'secret'], noNullPrototype: true },
);
const address = fc.record(
  {
    addr: fc.webUrl(),
    addrType: fc.constant('URI' as const),
    ports: fc.array(fc.integer({ min: 1, max: 65_535 }), { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['addr', 'addrType'], noNullPrototype: true },
);
const account: fc.Arbitrary<DmAccount> = fc.record(
  {
    id: word,
    serverId: word,
    name: word,
    addresses: fc.array(address, { minLength: 1, maxLength: 3 }),
    client: credentials,
    server: credentials,
  },
  { requiredKeys: ['id', 'serverId', 'addresses'], noNullPrototype: true },
);
const sample: DmAccount = {
  id: 'gw',
  serverId: 'postern',
  name: 'Gate',
  addresses: [{ addr: 'https://gw.example:4443/dm', addrType: 'URI', ports: [4443] }],
  client: { type: 'DIGEST', name: 'dev', secret: 'a<b&c', nonce: 'Tm9uY2U=' },
  server: { type: 'BASIC', name: 'gw', secret: 'srv' },
};

test('any account is read back from its document and from its subtree', () => {
  fc.assert(
    fc.property(account, (value) => {
      expect(readDmAcc(dmAccTnds(value))).toEqual(value);
      expect(readDmAccNode(value.id, dmAcc(value))).toEqual(value);
    }),
    { numRuns: 50 },
  );
});

test('a server can add the document to a tree, and nobody can read the secrets there', async () => {
  const root = new StoredInterior({ children: [['DMAcc', new StoredInterior({ permanent: true, holds: dmAccDefinition.urn })]] });
  const tree = new ManagementTree({ root, rootAcl: parseAcl('Add=*&Get=*'), objects: standardObjects });
  const Meta = { Format: 'xml', Type: tndsType };
  const Item = [{ Target: { LocURI: '.' }, Meta, Data: { markup: dmAccTnds(sample) } }];
  const secret = [{ Target: { LocURI: './DMAcc/gw/AppAuth/Client/AAuthSecret' } }];
  const commands = [{ name: 'Add', CmdID: '1', Item } as const, { name: 'Get', CmdID: '2', Item: secret } as const];
  const replies = await executeCommands(tree, commands, { serverId: 's' });
  expect(replies.map((reply) => reply.name === 'Status' && reply.Data)).toEqual(['200', '405']);
  const node = tree.find(['DMAcc', 'gw']);
  expect(node && readDmAccNode('gw', node)).toEqual(sample);
});

test.each([
  ['no server', (text: string) => text.replace('>postern<', '><'), 'ServerID'],
  ['another application', (text: string) => text.replace('>w7<', '>w4<'), 'w4'],
  ['a scheme that we do not speak', (text: string) => text.replace('>BASIC<', '>SECURID<'), 'SECURID'],
  ['a port that is none', (text: string) => text.replace('>4443<', '>70000<'), '70000'],
  ['no secret', (text: string) => text.replace('>srv<', '><'), 'AAuthSecret'],
  ['a second account', (text: string) => text.replace(/<Node>.*<\/Node>/s, '$&$&'), '2 accounts'],
  ['no account', () => '<MgmtTree/>', '0 accounts'],
])('%s is refused by name', (_title, spoil, named) => {
  expect(() => readDmAcc(spoil(dmAccTnds(sample)))).toThrow(named);
});
