import { testRows } from './table.js';
import { get, target } from './tree-table.js';

testRows([
  { title: 'a leaf', commands: [get('./A/b')], replies: ['1 Get 200 ./A/b', '= ./A/b chr text/plain "one"'] },
  { title: 'the URI is repeated as the server wrote it', commands: [get('A/b')], replies: ['1 Get 200 A/b', '= A/b chr text/plain "one"'] },
  {
    title: 'an interior node gives its child names',
    commands: [get('./A')],
    replies: ['1 Get 200 ./A', '= ./A node text/plain "b/n/x/fix/ro/secret/C"'],
  },
  { title: 'no children', commands: [get('./E')], replies: ['1 Get 200 ./E', '= ./E node text/plain ""'] },
  { title: 'the root', commands: [get('.')], replies: ['1 Get 200 .', '= . node text/plain "A/E"'] },
  {
    title: 'binary travels as base64',
    commands: [get('./A/x')],
    replies: ['1 Get 200 ./A/x', '= ./A/x b64 application/octet-stream "AAEC"'],
  },
  { title: 'nothing there', commands: [get('./A/zz')], replies: ['1 Get 404 ./A/zz'] },
  { title: 'below a leaf', commands: [get('./A/b/c')], replies: ['1 Get 404 ./A/b/c'] },
  { title: 'a node that nobody may read', commands: [get('./A/secret')], replies: ['1 Get 405 ./A/secret'] },
  {
    title: 'several Items are answered one by one',
    commands: [get('./A/b', './A/zz', './A/n')],
    replies: ['1 Get 200 ./A/b', '= ./A/b chr text/plain "one"', '1 Get 404 ./A/zz', '1 Get 200 ./A/n', '= ./A/n int text/plain "5"'],
  },
  { title: 'no Item', commands: [{ name: 'Get', CmdID: '7' }], replies: ['7 Get 412'] },
  { title: 'no Target', commands: [{ name: 'Get', CmdID: '7', Item: [{}] }], replies: ['7 Get 412'] },
  { title: 'larger than the server takes', commands: [get('./A/b')], context: { serverMaxObjSize: 2 }, replies: ['1 Get 413 ./A/b'] },
  { title: 'too deep', commands: [get('./A/B/C/D/E/F')], replies: ['1 Get 414 ./A/B/C/D/E/F'] },
  { title: 'dots that climb', commands: [get('./A/../A/b')], replies: ['1 Get 404 ./A/../A/b'] },
  {
    title: 'Struct',
    commands: [get('./A/C?list=Struct')],
    replies: ['1 Get 200 ./A/C?list=Struct', '= ./A/C node', '= ./A/C/d chr'],
  },
  {
    title: 'StructData leaves out what may not be read',
    commands: [get('./A?list=StructData')],
    acl: { './A/C': 'Get=other' },
    replies: [
      '1 Get 200 ./A?list=StructData',
      '= ./A node urn:x:a',
      '= ./A/b chr "one"',
      '= ./A/n int "5"',
      '= ./A/x b64 application/octet-stream "AAEC"',
      '= ./A/fix chr "f"',
      '= ./A/ro chr "r"',
    ],
  },
  {
    title: 'a list longer than allowed',
    commands: [get('./A?list=Struct')],
    context: { maxListedNodes: 3 },
    replies: ['1 Get 413 ./A?list=Struct'],
  },
  {
    title: 'TNDS with chosen parts',
    commands: [get('./A/C?list=TNDS+Value')],
    replies: [
      '1 Get 200 ./A/C?list=TNDS+Value',
      '= ./A/C?list=TNDS+Value xml application/vnd.syncml.dmtnds+xml <MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>C</NodeName><Node><NodeName>d</NodeName><Value>deep</Value></Node></Node></MgmtTree>',
    ],
  },
  { title: 'an unknown list', commands: [get('./A?list=All')], replies: ['1 Get 406 ./A?list=All'] },
  { title: 'an unknown query', commands: [get('./A?what=1')], replies: ['1 Get 406 ./A?what=1'] },
  {
    title: 'Meta at the command is no obstacle',
    commands: [{ name: 'Get', CmdID: '1', Meta: { Format: 'chr' }, Item: [target('./A/b')] }],
    replies: ['1 Get 200 ./A/b', '= ./A/b chr text/plain "one"'],
  },
]);
