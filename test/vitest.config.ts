import { defineConfig } from 'vitest/config';

const conditions = ['postern-source', 'node', 'import', 'module', 'default'];
/** Rooms whose tests leave nothing behind in their process: their files share one, and load the sources once. */
const shared = 'test/{api,authority,base,broker,cli,config,control,dm,gateway,small-server,store,transport,virtual-device}/**/*.test.ts';
const apart = 'test/{bench,conformance,discovery,e2e,fuzz,house,programs,security,torture}/**/*.test.ts';
/** Of these rooms, what replaces modules, changes settings of its process, or looks at its memory or at what is loaded there. */
const alone = [
  'test/base/the-last-lines-of-the-log-are-kept-in-a-fixed-memory.test.ts',
  'test/broker/{what-claims-too-much,its-encoder}-*.test.ts',
  'test/config/without-a-file-every-key-has-its-default.test.ts',
  'test/dm/auth/secrets-are-compared-in-constant-time.test.ts',
  'test/dm/syncml/{a-hostile-message-costs,any-message-survives,every-byte-changed,every-truncation-of-a-generated,libwbxml-reads}-*.test.ts',
  'test/gateway/a-stranger-leaves-little-behind.test.ts',
  'test/transport/{bodies-that-come-in-share,a-body-gives-its-memory-back}-*.test.ts',
  'test/transport/forward-proxy/a-message-is-streamed-both-ways.test.ts',
];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    root: new URL('..', import.meta.url).pathname,
    globalSetup: ['test/house/build.ts'],
    pool: 'forks',
    // Many tests wait for programs that they started: one worker less than cores, vitest's own choice, leaves a core idle.
    maxWorkers: '100%',
    // For what hangs, not for what is slow: a program starts five times slower on a machine that others use.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: { provider: 'v8', include: ['src/**'], reportsDirectory: 'coverage' },
    projects: [
      { extends: true, test: { name: 'together', include: [shared], exclude: alone, isolate: false } },
      { extends: true, test: { name: 'apart', include: [apart, ...alone] } },
    ],
  },
});
