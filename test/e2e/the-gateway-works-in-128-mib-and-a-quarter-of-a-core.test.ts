import { expect, it } from 'vitest';
import { runInBox } from '../../bench/small-box.js';
import { whyNoCgroup } from '../peers/cgroup.js';
import { nobody } from '../peers/network.js';

const why = whyNoCgroup();

it.skipIf(why !== undefined)(
  `alone in a cgroup, as a user without rights, it starts, has sessions over TLS and passes triggers on${why === undefined ? '' : `: ${why}`}`,
  async () => {
    const run = await runInBox({ devices: 3, each: 3, tls: true });
    expect(run).toMatchObject({ user: nobody, sessions: 12, asked: 3, killed: 0 });
    expect(run.rss).toBeLessThan(128);
  },
);
