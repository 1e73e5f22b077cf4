/** What a door is asked for when nothing is wrong with the request. */
export interface Door {
  /** Method and target, such as `POST /dm`. */
  readonly asked: string;
  /** As good requests have it. */
  readonly host: string;
  /** Further fields that a good request has, such as who asks. */
  readonly fields?: readonly string[];
}

/** Name, bytes, and the statuses that a door may answer where 400 is not the only one that says it. */
export type DesyncCase = readonly [name: string, bytes: string, statuses?: readonly number[]];

/**
 * Requests that two readers could understand differently, each for this door. Whoever reads them two ways can be made to take a
 * part of one request for another.
 * @see RFC 9112 § 11.2
 */
export function desyncCases({ asked, host, fields = [] }: Door): readonly DesyncCase[] {
  const head = (...lines: string[]) => `${[...lines, ...fields].join('\r\n')}\r\n\r\n`;
  const start = `${asked} HTTP/1.1`;
  const good = `Host: ${host}`;
  const sized = (length: string) => `${head(start, good, `Content-Length: ${length}`)}hello`;
  const withField = (...extra: string[]) => `${head(start, good, 'Content-Length: 5', ...extra)}hello`;
  const coded = (...codings: string[]) => `${head(start, good, ...codings.map((coding) => `Transfer-Encoding: ${coding}`))}0\r\n\r\n`;
  const old = (...extra: string[]) => head(`${asked} HTTP/1.0`, good, ...extra);
  const hosted = (...hosts: string[]) => head(start, ...hosts.map((one) => `Host: ${one}`), 'Content-Length: 0');
  const [method = '', target = ''] = asked.split(' ');
  const started = (line: string) => head(line, good, 'Content-Length: 0');
  const uncommon = [400, 501];
  return [
    ['Content-Length before Transfer-Encoding', `${head(start, good, 'Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n`],
    ['Transfer-Encoding before Content-Length', `${head(start, good, 'Transfer-Encoding: chunked', 'Content-Length: 5')}0\r\n\r\n`],
    ['Transfer-Encoding in HTTP/1.0', `${old('Transfer-Encoding: chunked')}0\r\n\r\n`],
    ['both lengths in HTTP/1.0', `${old('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n`],
    ['two equal Content-Lengths', withField('Content-Length: 5')],
    ['two different Content-Lengths', withField('Content-Length: 50')],
    ['two Content-Lengths, the first 0', `${head(start, good, 'Content-Length: 0', 'Content-Length: 5')}hello`],
    ['a list of Content-Lengths', sized('5, 5')],
    ['a signed Content-Length', sized('+5')],
    ['a negative Content-Length', sized('-5')],
    ['a hexadecimal Content-Length', sized('0x5')],
    ['a Content-Length with a blank in it', sized('1 5')],
    ['a Content-Length with a fraction', sized('5.0')],
    ['a Content-Length with an exponent', sized('5e0')],
    ['an empty Content-Length', sized('')],
    ['a Content-Length past 64 bits', sized('18446744073709551621')],
    ['chunked in two fields', coded('chunked', 'chunked')],
    ['identity, then chunked', coded('identity', 'chunked')],
    ['a coding before chunked', coded('gzip, chunked'), uncommon],
    ['chunked before another coding', coded('chunked, identity'), uncommon],
    ['chunked twice in one field', coded('chunked, chunked'), uncommon],
    ['a coding that looks like chunked', coded('xchunked'), uncommon],
    ['chunked with a parameter', coded('chunked;x=1'), uncommon],
    ['a quoted coding', coded('"chunked"'), uncommon],
    ['an empty coding', coded(''), uncommon],
    ['chunked behind a vertical tab', coded('\x0bchunked'), uncommon],
    ['a space before the colon', head(start, good, 'Content-Length : 5')],
    ['a tab before the colon', head(start, good, 'Transfer-Encoding\t: chunked')],
    ['a folded field', withField('X-Folded: a', ' Transfer-Encoding: chunked')],
    ['a folded first field', head(start, ` ${good}`, 'Content-Length: 0')],
    ['a folded Transfer-Encoding', head(start, good, 'Transfer-Encoding:', ' chunked')],
    ['bare LF as line end', withField('X: y').replaceAll('\r\n', '\n')],
    ['bare LF behind one field', withField('X: y\nTransfer-Encoding: chunked')],
    ['bare CR behind one field', withField('X: y\rTransfer-Encoding: chunked')],
    ['CR CR LF as line end', withField('X: y\r')],
    ['NUL in a value', withField('X: a\0b')],
    ['NUL in a name', withField('X\0Y: a')],
    ['NUL in the target', started(`${method} ${target}\0 HTTP/1.1`)],
    ['a field without a colon', withField('X-Field')],
    ['a field without a name', withField(': value')],
    ['an underscore for a hyphen', withField('Transfer_Encoding: chunked')],
    ['a byte past ASCII in a name', withField('Transfer-Encoding\xa0: chunked')],
    ['Connection takes Content-Length away', withField('Connection: Content-Length')],
    ['Connection takes Host away', withField('Connection: close, host')],
    ['no Host', hosted()],
    ['two equal Hosts', hosted(host, host)],
    ['two different Hosts', hosted(host, 'other.example')],
    ['two Hosts in HTTP/1.0', old(good, 'Content-Length: 0')],
    ['an empty Host', hosted('')],
    ['a list of Hosts', hosted(`${host}, other.example`)],
    ['a Host with a user', hosted(`other.example@${host}`)],
    ['a Host with a path', hosted(`${host}/other`)],
    ['a Host with a blank', hosted(`${host} other.example`)],
    ['two Expects', withField('Expect: 100-continue', 'Expect: 100-continue')],
    ['a fragment in the target', started(`${asked}#part HTTP/1.1`)],
    ['a backslash in the target', started(`${asked}\\.. HTTP/1.1`)],
    ['a tab for a blank', started(`${method}\t${target} HTTP/1.1`)],
    ['a third word in the start line', started(`${asked} other HTTP/1.1`)],
    ['HTTP/1.2', started(`${asked} HTTP/1.2`)],
    ['HTTP/2.0', started(`${asked} HTTP/2.0`)],
    ['HTTP/1.10', started(`${asked} HTTP/1.10`)],
    ['another protocol', started(`${asked} ICE/1.1`)],
    ['a lower-case method', started(`${method.toLowerCase()} ${target} HTTP/1.1`)],
    ['a method nobody knows', started(`SMUGGLE ${target} HTTP/1.1`)],
    ['a target without a slash', started(`${method} dm HTTP/1.1`)],
    ['two slashes', started(`${method} //other.example/ HTTP/1.1`)],
  ];
}
