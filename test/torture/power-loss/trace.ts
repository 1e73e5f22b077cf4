import { whyNoPrograms } from '../../peers/debian.js';

/** What a program did to the files of one folder, and what it sent, in the order in which it did it. Names are below the folder. */
export type TracedEvent = { readonly time: number } & (
  | { readonly kind: 'create'; readonly name: string }
  /** Without `at`: behind what is there. */
  | { readonly kind: 'write'; readonly name: string; readonly at: number | undefined; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly name: string; readonly size: number }
  /** The disk has said so; `began` is how many events there were when it was asked: what came later it need not hold. */
  | { readonly kind: 'sync'; readonly name: string; readonly began: number }
  | { readonly kind: 'rename' | 'link'; readonly from: string; readonly name: string }
  | { readonly kind: 'remove'; readonly name: string }
  | { readonly kind: 'send'; readonly bytes: Buffer }
);

/** The name of the folder itself. */
export const folderItself = '';

/** Why nothing can be traced here, or undefined: then it can. Under CI=true it is a failure. */
export function whyNoTrace(): string | undefined {
  return whyNoPrograms(['strace'], ['strace']);
}

/** Every call by which a program changes a file or sends something. */
const calls = [
  'openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,sendfile,copy_file_range,fallocate',
  'fsync,fdatasync,sync_file_range,ftruncate,truncate,rename,renameat,renameat2,link,linkat,unlink,unlinkat',
].join(',');

/** The longest write that is written down whole; SQLite's are pages. */
const longest = 1_048_576;

/** A command that takes another and writes what it does to a file; the program stays the child of whoever starts it. */
export function traced(file: string): readonly string[] {
  // What goes through io_uring is no call.
  return [
    'env',
    'UV_USE_IO_URING=0',
    'strace',
    '-D',
    '-f',
    '--seccomp-bpf',
    '-y',
    '-ttt',
    '-xx',
    '-s',
    String(longest),
    '-e',
    `trace=${calls}`,
    '-o',
    file,
  ];
}

/** Whether the traced program has ended, and the trace with it. */
export function isWhole(trace: string): boolean {
  const pid = /^\d+/.exec(trace)?.[0] ?? '';
  return new RegExp(`^${pid} .* \\+\\+\\+ (exited|killed)`, 'm').test(trace.slice(-10_000));
}

/** Reads a trace. @throws Error where it holds a call that is not understood */
export function parseTrace(trace: string, folder: string): TracedEvent[] {
  return new TraceReader(folder).read(trace);
}

/** What a call leaves in the list; `began` where it took its time. */
interface Call {
  readonly name: string;
  readonly time: number;
  readonly text: string;
  readonly began: number;
}

class TraceReader {
  readonly #folder: string;
  readonly #events: TracedEvent[] = [];
  /** Names that are there now: opening one of them makes nothing. */
  readonly #names = new Set<string>();
  /** Calls under way, by thread. */
  readonly #begun = new Map<string, Call>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  read(trace: string): TracedEvent[] {
    for (const line of trace.split('\n')) this.#line(line);
    return this.#events;
  }

  #line(line: string): void {
    const [, thread = '', time = '', rest = ''] = /^(\d+) +(\d+\.\d+) (.*)$/s.exec(line) ?? [];
    const resumed = /^<\.\.\. \w+ resumed>/.test(rest);
    const name = /^\w+/.exec(rest)?.[0];
    if (resumed) this.#resume(thread, Number(time), rest);
    else if (name !== undefined) this.#call(thread, { name, time: Number(time), text: rest, began: this.#events.length });
  }

  #resume(thread: string, time: number, rest: string): void {
    const call = this.#begun.get(thread);
    this.#begun.delete(thread);
    if (call !== undefined && !isFailure(rest)) this.#take({ ...call, time });
  }

  #call(thread: string, call: Call): void {
    if (!call.text.endsWith('<unfinished ...>')) {
      if (!isFailure(call.text)) this.#take(call);
    } else if (takesEffectAtOnce.has(call.name)) this.#take(call);
    else this.#begun.set(thread, call);
  }

  #take(call: Call): void {
    const strings = stringsIn(call.text);
    const descriptor = this.#inFolder(/^\w+\(\d+<([^>]*)>/.exec(call.text)?.[1]);
    const { time, began } = call;
    switch (call.name) {
      case 'openat':
      case 'open':
        return this.#open(call, this.#inFolder(quoted(call.text)));
      case 'write':
      case 'pwrite64':
      case 'writev':
      case 'sendto':
      case 'sendmsg':
        return this.#write(call, descriptor, Buffer.concat(strings));
      case 'ftruncate':
        return void (
          descriptor !== undefined && this.#events.push({ kind: 'truncate', name: descriptor, size: lastNumber(call.text), time })
        );
      case 'fsync':
      case 'fdatasync':
        return void (descriptor !== undefined && this.#events.push({ kind: 'sync', name: descriptor, began, time }));
      case 'rename':
      case 'link':
      case 'unlink':
        return this.#rename(call, strings);
      default:
        if (descriptor === undefined && !call.text.includes(hexOf(this.#folder))) return;
        throw new Error(`a file was changed by ${call.name}, which is not understood`);
    }
  }

  #open({ text, time }: Call, name: string | undefined): void {
    if (name === undefined || !/O_WRONLY|O_RDWR/.test(text)) return;
    if (/O_CREAT/.test(text) && !this.#names.has(name)) {
      this.#names.add(name);
      this.#events.push({ kind: 'create', name, time });
    }
    if (/O_TRUNC/.test(text)) this.#events.push({ kind: 'truncate', name, size: 0, time });
  }

  #write({ name: call, text, time }: Call, name: string | undefined, bytes: Buffer): void {
    if (/"\.\.\./.test(text)) throw new Error('a write was too long for the trace');
    if (name === undefined) this.#events.push({ kind: 'send', bytes, time });
    else this.#events.push({ kind: 'write', name, at: call === 'pwrite64' ? lastNumber(text) : undefined, bytes, time });
  }

  #rename({ name: call, time }: Call, [first, second]: readonly Buffer[]): void {
    const from = this.#below(first?.toString() ?? '');
    const to = this.#below(second?.toString() ?? '');
    if (from === undefined) return;
    if (call !== 'link') this.#names.delete(from);
    if (call === 'unlink') this.#events.push({ kind: 'remove', name: from, time });
    else if (to !== undefined) {
      this.#names.add(to);
      this.#events.push({ kind: call === 'link' ? 'link' : 'rename', from, name: to, time });
    }
  }

  #inFolder(hex: string | undefined): string | undefined {
    return hex === undefined ? undefined : this.#below(bytesOf(hex).toString());
  }

  #below(path: string): string | undefined {
    if (path === this.#folder) return folderItself;
    const name = path.startsWith(`${this.#folder}/`) ? path.slice(this.#folder.length + 1) : undefined;
    // A window into the memory of all that have it open: SQLite makes it anew when nobody has.
    return name?.endsWith('-shm') ? undefined : name;
  }
}

/** What has been asked to write or to send may be anywhere from then on. */
const takesEffectAtOnce = new Set(['write', 'pwrite64', 'writev', 'sendto', 'sendmsg']);

function isFailure(text: string): boolean {
  return / = -1 E\w+ \([^)]*\)$/.test(text);
}

function stringsIn(text: string): Buffer[] {
  return [...text.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = '']) => bytesOf(hex));
}

function quoted(text: string): string | undefined {
  return /"((?:\\x[0-9a-f]{2})*)"/.exec(text)?.[1];
}

/** The last argument. */
function lastNumber(text: string): number {
  return Number(/, (\d+)(?:\) +=| <unfinished)/.exec(text.slice(text.lastIndexOf('"') + 1))?.[1] ?? Number.NaN);
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll('\\x', ''), 'hex');
}

function hexOf(text: string): string {
  return [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}
