#!/usr/bin/env node
import './young-heap.js';
import { homedir } from 'node:os';
import { buffer, text } from 'node:stream/consumers';
import { type CommandLinePorts, runCommandLine } from '#src/cli/index.js';
import { readVersion } from './version.js';

// Whoever reads us may leave (`postern devices list | head -1`): there is nobody left to tell, so that is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

// Each program is loaded only when it is started: the other verbs stay quick and small.
const ports: CommandLinePorts = {
  version: readVersion(),
  env: process.env,
  home: homedir(),
  out: (written) => process.stdout.write(written),
  err: (written) => process.stderr.write(written),
  outBytes: (written) => process.stdout.write(written),
  readStandardInput: () => text(process.stdin),
  readStandardInputBytes: () => buffer(process.stdin),
  run: async (options) => (await import('../gateway/main.js')).main(options),
  server: async (options) => (await import('../server/main.js')).main(options),
  device: async (options) => (await import('../device/main.js')).main(options),
  demo: async (options) => (await import('../demo/main.js')).main(options),
  trigger: async (options) => (await import('./send-trigger.js')).sendTrigger(options),
};

process.exitCode = await runCommandLine(process.argv.slice(2), ports);
