import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RightCommand, type Rights, RightsTable, rightCommands } from '#src/authority/index.js';

const table = new RightsTable({
  './DevInfo': ['Get'],
  './Vendor': ['Get', 'Replace', 'Add', 'Delete', 'Exec'],
  './Vendor/Light': ['Get'],
  './Vendor/Light/Secret': [],
});

test.each<[RightCommand, string, boolean]>([
  ['Get', './DevInfo', true],
  ['Get', './DevInfo/Man', true],
  ['Get', 'DevInfo/Man', true],
  ['Get', '/DevInfo/Man', true],
  ['Get', './DevInfo/Man?prop=ACL', true],
  ['Replace', './DevInfo/Man', false],
  ['Get', './DevInfoX', false],
  ['Get', './devinfo', false],
  ['Get', '.', false],
  ['Get', './Other', false],
  ['Exec', './Vendor/Update', true],
  ['Exec', './Vendor/Light/On', false],
  ['Get', './Vendor/Light/On', true],
  ['Get', './Vendor/Light/Secret', false],
  ['Get', './Vendor/Light/Secret/Key', false],
])('%s %s: %s', (command, uri, expected) => {
  expect(table.permits({ command, uri })).toBe(expected);
});

describe('no spelling gets around a rule', () => {
  test.each([
    './DevInfo/../Vendor/Light/Secret',
    './DevInfo/../../Wifi',
    './DevInfo/%2e%2e/Wifi',
    './Vendor//Light/Secret',
    './Vendor/./Light/Secret',
    './Vendor/L%69ght/Secret',
    './Vendor/Light%2FSecret',
    './Vendor/Light/Secret%3Fprop=Name',
    './Vendor/Light/Secret?prop=Name',
    './%44evInfo/../Wifi',
    './DevInfo/X%3F/%2e%2e/%2e%2e/Wifi',
  ])('%s', (uri) => {
    expect(table.permits({ command: 'Get', uri })).toBe(false);
  });

  test('nor does a rule with a percent sign lock out its own node', () => {
    const odd = new RightsTable({ './A%20B': ['Get'] });
    expect(odd.permits({ command: 'Get', uri: './A%20B/C' })).toBe(true);
    expect(odd.permits({ command: 'Get', uri: './A B' })).toBe(false);
  });

  test('two rules that a device might read alike leave what both allow', () => {
    for (const rights of [
      { './AB': ['Get', 'Exec'], './A%42': ['Get'] },
      { './A%42': ['Get'], './AB': ['Get', 'Exec'] },
    ] satisfies Rights[]) {
      const alike = new RightsTable(rights);
      expect(alike.permits({ command: 'Get', uri: './AB' })).toBe(true);
      expect(alike.permits({ command: 'Exec', uri: './AB' })).toBe(false);
    }
  });
});

describe('what is about everything below', () => {
  test.each<[RightCommand, string, boolean]>([
    ['Get', './DevInfo', true],
    ['Get', './Vendor', false],
    ['Delete', './Vendor', false],
    ['Delete', './Vendor/Other', true],
    ['Get', './Vendor/Light/On', true],
    ['Get', '.', false],
  ])('%s %s: %s', (command, uri, expected) => {
    expect(table.permits({ command, uri, whole: true })).toBe(expected);
  });
});

test('without a table everything is allowed; with an empty one nothing', () => {
  for (const command of rightCommands) {
    expect(new RightsTable(undefined).permits({ command, uri: './A', whole: true })).toBe(true);
    expect(new RightsTable({}).permits({ command, uri: '.' })).toBe(false);
  }
  expect([new RightsTable(undefined).isOpen, new RightsTable({}).isOpen]).toEqual([true, false]);
});

test('a name that objects have by themselves is a name like any other', () => {
  expect(new RightsTable({ './constructor': ['Get'] }).permits({ command: 'Get', uri: './constructor/__proto__' })).toBe(true);
  expect(new RightsTable({}).permits({ command: 'Get', uri: './constructor' })).toBe(false);
});

test('whether anything may be read at all', () => {
  expect(new RightsTable(undefined).permitsSomewhere('Get')).toBe(true);
  expect(table.permitsSomewhere('Exec')).toBe(true);
  expect(new RightsTable({ './A': ['Get'] }).permitsSomewhere('Exec')).toBe(false);
  expect(new RightsTable({}).permitsSomewhere('Get')).toBe(false);
});

const name = fc.constantFrom('A', 'B', 'C');
const uri = fc.array(name, { maxLength: 4 }).map((names) => ['.', ...names].join('/'));
const command = fc.constantFrom(...rightCommands);
const rights: fc.Arbitrary<Rights> = fc.dictionary(uri, fc.subarray([...rightCommands]));

/** The rule as one would read it in the table by eye. */
function nearest(rules: Rights, node: string): readonly RightCommand[] {
  const names = node.split('/');
  for (let length = names.length; length > 0; length -= 1) {
    const rule = rules[names.slice(0, length).join('/')];
    if (rule !== undefined) return rule;
  }
  return [];
}

test('property: any table decides as one reads it', () => {
  fc.assert(
    fc.property(rights, uri, command, (rules, node, asked) => {
      expect(new RightsTable(rules).permits({ command: asked, uri: node })).toBe(nearest(rules, node).includes(asked));
    }),
  );
});

test('property: a whole subtree is allowed exactly where every node in it is', () => {
  fc.assert(
    fc.property(rights, uri, command, (rules, node, asked) => {
      const inside = Object.keys(rules).filter((rule) => rule.startsWith(`${node}/`));
      const each = [node, ...inside].every((place) => nearest(rules, place).includes(asked));
      expect(new RightsTable(rules).permits({ command: asked, uri: node, whole: true })).toBe(each);
    }),
  );
});

test('property: no detour allows what the straight way does not', () => {
  const detour = fc.constantFrom('.', '', 'X/..', '%2E', 'X/%2e%2e');
  fc.assert(
    fc.property(
      rights,
      fc.array(name, { minLength: 1, maxLength: 4 }),
      fc.array(detour, { maxLength: 4 }),
      command,
      (rules, names, turns, asked) => {
        const table = new RightsTable(rules);
        const around = ['.', ...names.flatMap((segment, at) => (turns[at] === undefined ? [segment] : [turns[at], segment]))].join('/');
        const straight = table.permits({ command: asked, uri: ['.', ...names].join('/') });
        if (table.permits({ command: asked, uri: around })) expect(straight).toBe(true);
      },
    ),
  );
});
