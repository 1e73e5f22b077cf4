import { readdir, readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { computed, importsOf } from './imports.js';
import { adapterDoors, dmBuiltins, dmLevels, levels } from './rooms.js';

export interface Violation {
  /** Path below the root, with slashes. */
  readonly file: string;
  /** The specifier as written. */
  readonly target: string;
  readonly why: string;
}

export interface BoundaryReport {
  readonly modules: number;
  readonly violations: readonly Violation[];
}

/** Holds every import below `src` and `adapters` of a folder against the table in rooms.ts. */
export async function checkBoundaries(root: string): Promise<BoundaryReport> {
  const files = await sourceFiles(root);
  const violations: Violation[] = [];
  for (const file of files) {
    const text = await readFile(path.join(root, file), 'utf8');
    for (const { target, why } of judgeFile(file, text)) violations.push({ file, target, why });
  }
  return { modules: files.length, violations };
}

/** The report as lines to print; none when all is well. Having seen no module is a failure too. */
export function boundaryFailures({ modules, violations }: BoundaryReport): string[] {
  if (modules === 0) return ['no module was seen below src and adapters'];
  return violations.map(({ file, target, why }) => `${file} -> ${target} (${why})`);
}

type Finding = Omit<Violation, 'file'>;

async function sourceFiles(root: string): Promise<string[]> {
  const folders = await Promise.all(['src', 'adapters'].map((top) => filesBelow(root, top)));
  return folders.flat().sort();
}

async function filesBelow(root: string, top: string): Promise<string[]> {
  const entries = await readdir(path.join(root, top), { recursive: true }).catch(emptyWhenAbsent);
  return entries.filter((entry) => /\.[cm]?[jt]sx?$/.test(entry)).map((entry) => `${top}/${entry.split(path.sep).join('/')}`);
}

function emptyWhenAbsent(error: unknown): string[] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
  throw error;
}

function judgeFile(file: string, text: string): Finding[] {
  const homeless = homelessness(file);
  if (homeless !== undefined) return [{ target: '(itself)', why: homeless }];
  return importsOf(file, text).flatMap((target) => {
    const why = judge(file, target);
    return why === undefined ? [] : [{ target, why }];
  });
}

function homelessness(file: string): string | undefined {
  const [top, room, sub] = file.split('/');
  if (top === 'adapters') return sub === undefined ? 'an adapter lives in a folder of its own' : undefined;
  if (levelOf(levels, room) === undefined) return `src has no room ${room}`;
  if (room === 'dm' && sub !== 'index.ts' && levelOf(dmLevels, sub) === undefined) return `src/dm has no room ${sub}`;
  return undefined;
}

/** Why the import is wrong, or undefined. */
function judge(file: string, target: string): string | undefined {
  if (target === computed) return roomOf(file) === 'programs' ? undefined : 'only a program may compute what it imports';
  if (isBuiltin(target)) return judgeBuiltin(file, target);
  const resolved = resolve(file, target);
  if (resolved === undefined) return inDm(file) ? 'dm is pure: no package' : undefined;
  return judgeModule(file, target, resolved);
}

function judgeBuiltin(file: string, target: string): string | undefined {
  const name = target.startsWith('node:') ? target : `node:${target}`;
  return inDm(file) && !dmBuiltins.includes(name) ? `dm is pure: of Node only ${dmBuiltins.join(', ')}` : undefined;
}

/** The file below the root that a specifier names; undefined for a package. */
function resolve(file: string, target: string): string | undefined {
  if (target.startsWith('#')) return asSource(target.slice(1));
  if (/^\.{1,2}(\/|$)/.test(target)) return asSource(path.posix.join(path.posix.dirname(file), target));
  if (target.startsWith('/') || target.startsWith('file:')) return target;
  return undefined;
}

function asSource(target: string): string {
  return target.replace(/\.([cm]?)js$/, '.$1ts');
}

function judgeModule(file: string, target: string, resolved: string): string | undefined {
  if (!/^(src|adapters)\//.test(resolved)) return 'only src and adapters hold modules';
  const from = roomOf(file);
  const to = roomOf(resolved);
  if (from === to) return from === 'dm' ? judgeInsideDm(file, resolved) : undefined;
  if (from.startsWith('adapters/')) return judgeAdapter(target, resolved);
  return judgeArrow(from, to) ?? judgeDoor(target, resolved);
}

function judgeAdapter(target: string, resolved: string): string | undefined {
  if (!adapterDoors.includes(resolved)) return 'an adapter knows only adapter-api, dm/tree and base';
  return judgeDoor(target, resolved);
}

function judgeArrow(from: string, to: string): string | undefined {
  if (to.startsWith('adapters/')) return from === 'programs' ? undefined : 'only a program knows an adapter';
  return judgeLevels(levels, from, to);
}

function judgeLevels(table: typeof levels, from: string, to: string): string | undefined {
  const above = levelOf(table, from);
  const below = levelOf(table, to);
  if (above === undefined || below === undefined) return `there is no room ${above === undefined ? from : to}`;
  if (above === below) return `${from} and ${to} do not know one another`;
  return above < below ? `${from} is below ${to}` : undefined;
}

function judgeDoor(target: string, resolved: string): string | undefined {
  if (!target.startsWith('#')) return 'rooms are reached by # imports';
  return isDoor(resolved) ? undefined : 'a room is entered by its index only';
}

function isDoor(resolved: string): boolean {
  return /^src\/(dm\/)?[^/]+\/index\.ts$/.test(resolved) || /^adapters\/[^/]+\/[^/]+\.ts$/.test(resolved);
}

function judgeInsideDm(file: string, resolved: string): string | undefined {
  const [from, to] = [dmRoomOf(file), dmRoomOf(resolved)];
  if (from === to) return undefined;
  if (to === undefined) return 'dm itself is above its rooms';
  const arrow = from === undefined ? undefined : judgeLevels(dmLevels, from, to);
  return arrow ?? (isDoor(resolved) ? undefined : 'a room is entered by its index only');
}

/** `gateway` for src/gateway/…, `adapters/mqtt` for adapters/mqtt/…. */
function roomOf(file: string): string {
  const [top = '', room = ''] = file.split('/');
  return top === 'adapters' ? `adapters/${room}` : room;
}

/** `tree` for src/dm/tree/…; undefined for dm's own door. */
function dmRoomOf(file: string): string | undefined {
  const [, , room, inside] = file.split('/');
  return inside === undefined ? undefined : room;
}

function inDm(file: string): boolean {
  return roomOf(file) === 'dm';
}

function levelOf(table: typeof levels, room: string | undefined): number | undefined {
  const level = table.findIndex((rooms) => rooms.some((name) => name === room));
  return level === -1 ? undefined : level;
}
