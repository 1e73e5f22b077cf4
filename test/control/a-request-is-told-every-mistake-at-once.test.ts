import { expect, it } from 'vitest';
import { ControlInputError } from '#src/control/error-body.js';
import { controlOperations, type Operation, readInput, smallServerOperations } from '#src/control/index.js';

function problemsOf(operation: Operation, body: unknown, params = {}, query = {}) {
  try {
    readInput(operation, { params, query, body });
  } catch (error) {
    if (error instanceof ControlInputError) return error.problems;
    throw error;
  }
  return [];
}

it('names field, found and allowed of each', () => {
  const body = { id: 'has space', scheme: 'digest', polling: -1, accounts: [{ serverId: 'a+b', address: 'ftp://x', clientPassword: 'p' }] };
  expect(problemsOf(controlOperations.addDevice, body)).toEqual([
    { field: 'id', found: '"has space"', allowed: '1 to 128 printable ASCII characters without spaces' },
    { field: 'scheme', found: '"digest"', allowed: 'one of "basic", "md5"' },
    { field: 'polling', found: '-1', allowed: '"always", "never", or a positive whole number of milliseconds' },
    { field: 'accounts[0].serverId', found: '"a+b"', allowed: '1 to 23 bytes without = & * + or a space' },
    { field: 'accounts[0].address', found: '"ftp://x"', allowed: 'an http or https URL without user, password and fragment' },
  ]);
});

it('counts those of path and query too', () => {
  const operation = { ...controlOperations.testAccount, body: controlOperations.addAccount.body };
  const found = problemsOf(operation, 'text that is not JSON', { serverId: '' }, { device: 'x'.repeat(129), more: '1' });
  expect(found.map(({ field }) => field)).toEqual(['serverId', 'device', 'more', 'body']);
});

it('names the known fields beside an unknown one', () => {
  expect(problemsOf(smallServerOperations.addClient, { id: 'urn:x', clientPassword: 'p', pasword: 'q' })).toEqual([
    { field: 'pasword', found: 'an unknown field', allowed: 'one of id, userName, scheme, clientPassword, serverPassword, reach' },
  ]);
});

it('tells the mistakes of the form that a value comes nearest to', () => {
  const params = { id: 'urn:x' };
  expect(problemsOf(smallServerOperations.queueCommand, { atomic: [{ command: 'Get' }, { command: 'Put', uri: './A' }] }, params)).toEqual([
    { field: 'atomic[0].uri', found: 'nothing', allowed: 'a tree URI of 1 to 1024 characters' },
    { field: 'atomic[1].command', found: '"Put"', allowed: 'one of "Get", "Replace", "Add", "Delete", "Exec"' },
  ]);
});

it('never shows a mistaken password', () => {
  const [problem] = problemsOf(controlOperations.addDevice, { id: 'urn:x', clientPassword: 'two\nlines' });
  expect(problem).toEqual({ field: 'clientPassword', found: 'a value that is not shown', allowed: 'one line of 1 to 255 characters' });
});

it('shows only the beginning of a long value', () => {
  const [problem] = problemsOf(controlOperations.addDevice, { id: 'x'.repeat(5000) });
  expect(problem?.found).toMatch(/^"x{59}… \(5002 characters\)$/);
});

it('names an address with a password in it without the password', () => {
  const body = { serverId: 's', address: 'https://user:hidden@dm.example/', clientPassword: 'p' };
  expect(JSON.stringify(problemsOf(controlOperations.addAccount, body))).not.toContain('hidden');
});
