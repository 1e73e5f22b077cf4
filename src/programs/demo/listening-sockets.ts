import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const listening = '0A';

/** TCP sockets on which a process listens, as the kernel tells; undefined where there is no /proc. */
export function listeningSockets(pid: number): number | undefined {
  try {
    const own = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => socketInode(`/proc/${pid}/fd/${fd}`)));
    const inodes = ['tcp', 'tcp6'].flatMap((table) => listeningInodes(`/proc/${pid}/net/${table}`));
    return inodes.filter((inode) => own.has(inode)).length;
  } catch {
    return undefined;
  }
}

function socketInode(path: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1];
  } catch {
    // Closed since it was listed.
    return undefined;
  }
}

function listeningInodes(table: string): string[] {
  const rows = readFileSync(table, 'utf8').trim().split('\n').slice(1);
  const columns = rows.map((row) => row.trim().split(/\s+/));
  return columns.filter((column) => column[3] === listening).flatMap((column) => column[9] ?? []);
}
