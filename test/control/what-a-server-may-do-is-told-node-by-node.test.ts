import { expect, it } from 'vitest';
import { ControlInputError } from '#src/control/error-body.js';
import { controlOperations, readInput } from '#src/control/index.js';

const account = { serverId: 'operator', address: 'https://dm.example/dm', clientPassword: 'p', device: 'urn:x' };
const read = (more: object) => readInput(controlOperations.addAccount, { params: {}, query: {}, body: { ...account, ...more } });

function problemsOf(more: object) {
  try {
    read(more);
  } catch (error) {
    if (error instanceof ControlInputError) return error.problems;
    throw error;
  }
  return [];
}

it('rights, priority and polling are taken for a device', () => {
  const more = { priority: 1, polling: 60_000, rights: { '.': [], './DevInfo': ['Get', 'Exec'] } };
  expect(read(more)).toMatchObject(more);
});

it.each([
  [{ rights: { DevInfo: ['Get'] } }, 'rights.DevInfo', 'a node such as ./DevInfo; . is the root'],
  [{ rights: { './A/': ['Get'] } }, 'rights["./A/"]', 'a node such as ./DevInfo; . is the root'],
  [{ rights: { './A/../B': ['Get'] } }, 'rights["./A/../B"]', 'a node such as ./DevInfo; . is the root'],
  [{ rights: { './A?prop=ACL': ['Get'] } }, 'rights["./A?prop=ACL"]', 'a node such as ./DevInfo; . is the root'],
  [{ rights: { './A': ['Copy'] } }, 'rights["./A"][0]', 'one of "Get", "Replace", "Add", "Delete", "Exec"'],
  [{ rights: [] }, 'rights', 'an object with at most 256 nodes, each with a list of commands'],
  [{ priority: 0 }, 'priority', 'at least 1'],
])('%j is refused', (more, field, allowed) => {
  expect(problemsOf(more)).toMatchObject([{ field, allowed }]);
});

it('more nodes than a table takes are refused', () => {
  const rights = Object.fromEntries(Array.from({ length: 257 }, (_, at) => [`./A${at}`, ['Get']]));
  expect(problemsOf({ rights })).toMatchObject([{ field: 'rights' }]);
});

it('the gateway itself has nobody to be before, and asks nobody for work', () => {
  const found = problemsOf({ device: undefined, priority: 1, polling: 'never' });
  expect(found.map(({ field }) => field)).toEqual(['priority', 'polling']);
  expect(read({ device: undefined, rights: { './DevInfo': ['Get'] } })).toMatchObject({ rights: { './DevInfo': ['Get'] } });
});

it('a device has one account at a server', () => {
  const { device: _, ...own } = account;
  const body = { id: 'urn:x', accounts: [own, own] };
  expect(() => readInput(controlOperations.addDevice, { params: {}, query: {}, body })).toThrow(
    /accounts: .* one account for each server id/,
  );
});
