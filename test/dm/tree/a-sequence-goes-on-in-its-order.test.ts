import { testRows } from './table.js';
import { change, del, get } from './tree-table.js';

testRows([
  {
    title: 'a failure does not stop the others',
    commands: [{ name: 'Sequence', CmdID: '9', commands: [change('Replace', './A/b', 'two'), del('./zz', '2'), get('./A/b')] }],
    replies: ['9 Sequence 200', '1 Replace 200 ./A/b', '2 Delete 404 ./zz', '1 Get 200 ./A/b', '= ./A/b chr text/plain "two"'],
  },
  {
    title: 'blocks inside one another',
    commands: [
      {
        name: 'Sequence',
        CmdID: '9',
        commands: [
          { name: 'Sequence', CmdID: '8', commands: [change('Replace', './A/b', 'two')] },
          { name: 'Atomic', CmdID: '7', commands: [del('./A/n', '3'), del('./zz', '4')] },
        ],
      },
    ],
    replies: ['9 Sequence 200', '8 Sequence 200', '1 Replace 200 ./A/b', '7 Atomic 507', '3 Delete 216 ./A/n', '4 Delete 404 ./zz'],
    tree: { './A/n': '5', './A/b': 'two' },
  },
  ...['1100', '1101', '1102', '1103', '1104'].map((code) => ({
    title: `alert ${code} without a user interface`,
    commands: [{ name: 'Alert', CmdID: '5', Data: code } as const],
    replies: ['5 Alert 406'],
  })),
]);
