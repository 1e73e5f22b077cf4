import { expect, test, vi } from 'vitest';
import { formatCred, sameSecret, verifyCred } from '#src/dm/auth/index.js';
import { base64, device } from '../session/messages.js';

const timingSafeEqual = vi.hoisted(() => vi.fn());
vi.mock('node:crypto', async (original) => {
  const real = await original<typeof import('node:crypto')>();
  timingSafeEqual.mockImplementation(real.timingSafeEqual);
  return { ...real, timingSafeEqual };
});

test.each(['md5', 'basic'] as const)('secrets are compared in constant time: %s', (scheme) => {
  timingSafeEqual.mockClear();
  const cred = formatCred(scheme, device, base64('Nonce'));
  expect(cred && verifyCred(cred, scheme, device, base64('Nonce'))).toBe(true);
  expect(timingSafeEqual).toHaveBeenCalledOnce();
});

test('texts of different length are compared too', () => {
  expect(sameSecret('a', 'aa')).toBe(false);
  expect(sameSecret('aa', 'aa')).toBe(true);
});
