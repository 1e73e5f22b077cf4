import { expect, test } from 'vitest';
import { AnswerReader } from '#src/transport/http/answer-reader.js';

/** What is read of these bytes, which come in these parts, as answers to this method. */
function read(parts: readonly Buffer[], method = 'GET') {
  const story = { status: 0, body: '', ends: 0 };
  const reader = new AnswerReader({
    head: ({ status }) => {
      story.status = status;
    },
    body: (bytes, last) => {
      story.body += bytes?.toString('latin1') ?? '';
      if (last) story.ends += 1;
    },
  });
  reader.expect(method);
  let odd: string | undefined;
  for (const part of parts) odd ??= reader.push(part);
  const end = odd ?? reader.finish();
  return { ...story, odd, end };
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

const good = [
  ['HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone', 'done'],
  ['HTTP/1.1 200\r\nContent-Length:\t4 \t\r\nX-Empty:\r\n\r\ndone', 'done'],
  ['HTTP/1.1 200 \r\nTransfer-Encoding: Chunked\r\n\r\n4\r\ndone\r\n0\r\n\r\n', 'done'],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\ndo\r\n2\r\nne\r\n000\r\nX-Sum: 1\r\n\r\n', 'done'],
  ['HTTP/1.0 200 OK\r\n\r\ndone', 'done'],
  ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', ''],
] as const;

test.each(good)('%j, cut anywhere', (text, body) => {
  const whole = bytesOf(text);
  for (let at = 0; at <= whole.length; at += 1) {
    expect(read([whole.subarray(0, at), whole.subarray(at)])).toMatchObject({ status: 200, body, ends: 1, end: undefined });
  }
  expect(read([...whole].map((byte) => Buffer.from([byte])))).toMatchObject({ status: 200, body, ends: 1, end: undefined });
});

test.each(good.filter(([text]) => !text.startsWith('HTTP/1.0')))('%j is missing something wherever it stops', (text) => {
  const whole = bytesOf(text);
  for (let at = 0; at < whole.length; at += 1) expect(read([whole.subarray(0, at)])).toMatchObject({ ends: 0, end: expect.any(String) });
});

test.each([
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\ndone'],
  ['a list of lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 4, 4\r\n\r\ndone'],
  ['a signed length', 'HTTP/1.1 200 OK\r\nContent-Length: +4\r\n\r\ndone'],
  ['an empty length', 'HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\ndone'],
  ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['chunks twice', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['another coding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
  ['chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['another version', 'HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ['another protocol', 'ICY 200 OK\r\n\r\n'],
  ['no status', 'HTTP/1.1 OK\r\n\r\n'],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
  ['a bare LF in the head', 'HTTP/1.1 200 OK\r\nX: a\nContent-Length: 4\r\n\r\ndone'],
  ['a bare CR in the head', 'HTTP/1.1 200 OK\r\nX: a\rContent-Length: 4\r\n\r\ndone'],
  ['NUL in a field', 'HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 4\r\n\r\ndone'],
  ['a folded field', 'HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 4\r\n\r\ndone'],
  ['a space before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 4\r\n\r\ndone'],
  ['a field without a name', 'HTTP/1.1 200 OK\r\n: 4\r\n\r\n'],
  ['a field without a colon', 'HTTP/1.1 200 OK\r\nContent-Length\r\n\r\n'],
  ['a 204 with a body', 'HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\ndone'],
  ['a head past 16 KiB', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(17_000)}\r\n\r\n`],
  ['more fields than anybody has', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(200)}\r\n`],
  ['a chunk without a size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\ndone\r\n0\r\n\r\n'],
  ['a chunk size that is no number', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x4\r\ndone\r\n0\r\n\r\n'],
  ['a chunk size past 32 bits', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100000004\r\ndone\r\n0\r\n\r\n'],
  ['a chunk longer than its size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ndone\r\n0\r\n\r\n'],
  ['a chunk size ended by a bare LF', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\ndone\r\n0\r\n\r\n'],
  ['a chunk extension without end', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;${'x'.repeat(2_000)}`],
  ['trailers without end', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${'a: b\r\n'.repeat(2_000)}`],
  ['a byte behind it', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone!'],
])('%s is refused', (_what, text) => {
  expect(read([bytesOf(text)]).odd).toEqual(expect.any(String));
});

test('blanks without end take no longer than other bytes', () => {
  const text = `HTTP/1.1 200 OK\r\nX: a${' '.repeat(15_000)}b\r\nContent-Length: 0\r\n\r\n`;
  expect(read([bytesOf(text)])).toMatchObject({ status: 200, ends: 1 });
});
