import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { redaction, redactSecrets } from '#src/security/index.js';

const canary = 'c4n4ry';
const fields = {
  password: canary,
  clientSecret: { kind: 'password', value: canary },
  headers: { Authorization: canary, 'proxy-authorization': canary, 'set-cookie': [canary], 'X-Syncml-Hmac': canary },
  account: { south: { serverSecret: { kind: 'digest', value: canary } } },
};

it('drops secrets up to three levels deep with pino’s own redaction', () => {
  const { password, clientSecret } = fields;
  const line = logged(
    { redact: redaction },
    { password, clientSecret, a: { password, b: { password } }, headers: { 'proxy-authorization': canary } },
  );
  expect(line).not.toContain(canary);
  expect(line).toContain('[secret]');
});

it('drops secrets at any depth, in lists, bytes and addresses, as a formatter', () => {
  const deep = { ...fields, list: [{ token: canary }], body: Buffer.from(canary), address: `https://user:${canary}@host/dm` };
  const line = logged({ formatters: { log: redactSecrets } }, deep);
  expect(line).not.toContain(canary);
  expect(line).not.toContain(Buffer.from(canary).toString('base64'));
  expect(line).toContain('https://[secret]@host/dm');
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

function logged(options: object, entry: object): string {
  const lines: string[] = [];
  const target = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  pino(options, target).info(entry, 'something happened');
  return lines.join('');
}
