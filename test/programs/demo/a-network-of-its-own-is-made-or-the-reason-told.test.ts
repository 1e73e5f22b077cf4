import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { expect, it, onTestFinished } from 'vitest';
import { lanInterface, openHomeNetwork } from '../../../src/programs/demo/home-network.js';
import { whyNoNetwork } from '../../peers/network.js';

const isRoot = process.getuid?.() === 0;
const modern = { compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 } };
const source = new URL('../../../src/programs/demo/home-network.ts', import.meta.url);

it.skipIf(!isRoot || whyNoNetwork() !== undefined)('two ends of one cable, and nothing left of it afterwards', () => {
  const network = openHomeNetwork();
  if (typeof network === 'string') throw new Error(network);
  onTestFinished(() => network.remove());
  const addresses = [network.atHome, network.nextDoor].map((within) => ran(within, ['ip', '-4', '-o', 'address', 'show', lanInterface]));
  expect(addresses.map((text) => /inet (\S+)/.exec(text)?.[1])).toEqual(['192.168.77.1/24', '192.168.77.2/24']);
  const [name = ''] = network.atHome.slice(-1);
  expect(execFileSync('ip', ['netns'], { encoding: 'utf8' })).toContain(name);
  network.remove();
  expect(execFileSync('ip', ['netns'], { encoding: 'utf8' })).not.toContain(name);
});

it('whoever is not root hears that it takes root', () => {
  const asNobody = isRoot ? { uid: 65_534, gid: 65_534 } : {};
  // From standard input: nobody may not be able to read where we lie.
  const program = `${transpileModule(readFileSync(source, 'utf8'), modern).outputText}\nprocess.stdout.write(String(openHomeNetwork()));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module'], { input: program, encoding: 'utf8', cwd: '/', ...asNobody });
  expect(stdout).toMatch(/only root can make/);
});

function ran([command = '', ...within]: readonly string[], program: readonly string[]): string {
  return execFileSync(command, [...within, ...program], { encoding: 'utf8' });
}
