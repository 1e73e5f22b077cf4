import { expect, it } from 'vitest';
import { controlOperations, readInput } from '#src/control/index.js';

const account = { serverId: 'operator', address: 'http://dm.example/dm', clientPassword: 'p' };
const read = (body: object) => readInput(controlOperations.addAccount, { params: {}, query: {}, body });

it.each(['http://dm.example/dm', 'HTTP://dm.example/dm'])('%s is refused without it', (address) => {
  expect(() => read({ ...account, address })).toThrow(/address: found .* allowed is an https URL, or "allowPlainHttp": true/);
});

it('is refused for an account that comes with its device', () => {
  const body = { id: 'urn:x', accounts: [account] };
  expect(() => readInput(controlOperations.addDevice, { params: {}, query: {}, body })).toThrow(/accounts\[0\]\.address/);
});

it('is told beside other mistakes', () => {
  expect(() => read({ address: account.address, scheme: 'none' })).toThrow(/serverId.*scheme.*clientPassword.*address: found/);
});

it('is refused with it too where no password of the server stands in for its certificate', () => {
  expect(() => read({ ...account, allowPlainHttp: true })).toThrow(/address: found .* nothing else proves the server/);
});

it('is accepted with both, and https without', () => {
  expect(read({ ...account, allowPlainHttp: true, serverPassword: 's' })).toMatchObject({ allowPlainHttp: true });
  expect(read({ ...account, address: 'https://dm.example/dm' })).toMatchObject({ allowPlainHttp: false });
});

it('a correlation policy is only for the gateway itself', () => {
  const own = { ...account, address: 'https://dm.example/dm', correlation: 'all' };
  expect(read(own)).toMatchObject({ correlation: 'all' });
  expect(() => read({ ...own, device: 'urn:x' })).toThrow(/correlation: found "all"/);
});
