import { expect, it } from 'vitest';
import { failuresOf } from './boundary-probe.js';

it('an empty folder is a failure, not a success', async () => {
  expect(await failuresOf({})).toEqual(['no module was seen below src and adapters']);
});

it('a folder without modules too', async () => {
  expect(await failuresOf({ 'src/base/README.md': '', 'adapters/.gitkeep': '' })).toEqual(['no module was seen below src and adapters']);
});
