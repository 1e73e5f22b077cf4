import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { createProgramLog, PosternError } from '#src/base/index.js';
import { redactSecrets } from '#src/security/index.js';

const canary = 'c4n4ry';
const fields = {
  password: canary,
  clientSecret: { kind: 'password', value: canary },
  headers: { Authorization: canary, 'proxy-authorization': canary, 'set-cookie': [canary], 'X-Syncml-Hmac': canary },
  account: { south: { serverSecret: { kind: 'digest', value: canary } } },
};

it('drops secrets at any depth, in lists, bytes and addresses', () => {
  const deep = { ...fields, list: [{ token: canary }], body: Buffer.from(canary), address: `https://user:${canary}@host/dm` };
  const line = logged(deep);
  expect(line).not.toContain(canary);
  expect(line).not.toContain(Buffer.from(canary).toString('base64'));
  expect(line).toContain('https://[secret]@host/dm');
});

it('the log of a program drops them before a line is written or kept, in failures too', async () => {
  const log = await createProgramLog({ level: 'info', format: 'json', redact: redactSecrets });
  const cause = new PosternError('wire.refused', { address: `https://user:${canary}@host/dm`, why: 'no way', token: canary });
  log.info({ details: { password: canary }, err: cause }, 'something failed');
  const [line = ''] = log.recent();
  expect(line).toContain('[secret]');
  expect(line).toContain('cannot be reached: no way');
  expect(line).not.toContain(canary);
});

it('of an open session nobody is told where it is', () => {
  const path = `/dm/s/${'Ab-_'.repeat(8)}`;
  expect(redactSecrets({ path, url: `https://host${path}` })).toEqual({ path: '/dm/s/[secret]', url: 'https://host/dm/s/[secret]' });
});

it('leaves everything else as it was, errors included', () => {
  const error = new Error('kept');
  expect(redactSecrets({ device: 'IMEI:1', count: 2, err: error, none: null })).toEqual({
    device: 'IMEI:1',
    count: 2,
    err: error,
    none: null,
  });
});

function logged(entry: object): string {
  const lines: string[] = [];
  const target = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  pino({ formatters: { log: redactSecrets } }, target).info(entry, 'something happened');
  return lines.join('');
}
