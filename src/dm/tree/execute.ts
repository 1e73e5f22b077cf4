import { isPosternError, PosternError } from '#src/base/index.js';
import type { Alert, Atomic, Item, NodeCommand, Reply, Sequence, ServerCommand, StatusReply } from '#src/dm/syncml/index.js';
import { executeAdd, executeCopy, executeDelete, executeReplace } from './change-commands.js';
import { executeExec } from './exec-command.js';
import type { ExecutionContext, ItemOutcome, ItemTask } from './execution.js';
import { executeGet } from './get-command.js';
import type { ManagementTree } from './management-tree.js';
import { ResultRoom } from './result-room.js';

const notExecuted = 215;
const rolledBack = 216;
const commandFailed = 500;
const atomicFailed = 507;
const rollBackFailed = 516;

/**
 * Runs a DM server's commands on a tree, one after the other, and answers each: every Item its own Status with its
 * TargetRef, then the Results of a Get. What a command does wrong becomes its Status; only bugs are thrown.
 *
 * @see OMA DM RepPro 1.2 § 6.5, 6.6; Protocol 1.2 § 8
 */
export function executeCommands(tree: ManagementTree, commands: readonly ServerCommand[], context: ExecutionContext): Promise<Reply[]> {
  return executeAll(tree, commands, { room: new ResultRoom(), ...context });
}

async function executeAll(tree: ManagementTree, commands: readonly ServerCommand[], context: ExecutionContext): Promise<Reply[]> {
  const replies: Reply[][] = [];
  for (const command of commands) replies.push(await executeCommand(tree, command, context));
  return replies.flat();
}

async function executeCommand(tree: ManagementTree, command: ServerCommand, context: ExecutionContext): Promise<Reply[]> {
  if (command.name === 'Atomic') return executeAtomic(tree, command, context);
  if (command.name === 'Sequence') return executeSequence(tree, command, context);
  const replies: Reply[][] = [];
  for (const step of stepsOf(command)) replies.push(repliesOf(step, await runStep(tree, step, context)));
  return replies.flat();
}

/** The smallest thing that has a status: an Item of a command, or a command without any. */
interface Step {
  readonly command: NodeCommand | Alert;
  readonly item: Item | undefined;
}

function stepsOf(command: NodeCommand | Alert): Step[] {
  const items = command.name === 'Alert' ? [] : (command.Item ?? []);
  return items.length === 0 ? [{ command, item: undefined }] : items.map((item) => ({ command, item }));
}

async function runStep(tree: ManagementTree, { command, item }: Step, context: ExecutionContext): Promise<ItemOutcome> {
  try {
    if (command.name === 'Alert') throw new PosternError('tree.unsupported-alert', { code: command.Data ?? '' });
    if (item === undefined) throw new PosternError('tree.incomplete', { command: command.name, missing: 'Item' });
    return await executors[command.name]({ tree, context, command, item, meta: item.Meta ?? command.Meta ?? {} });
  } catch (error) {
    if (isPosternError(error)) return { status: error.status ?? commandFailed };
    throw error;
  }
}

const executors: Readonly<Record<NodeCommand['name'], (task: ItemTask) => ItemOutcome | Promise<ItemOutcome>>> = {
  Get: executeGet,
  Add: executeAdd,
  Replace: executeReplace,
  Delete: executeDelete,
  Copy: executeCopy,
  Exec: executeExec,
};

/** Its own status says that it has begun; a member that fails does not stop the others. */
async function executeSequence(tree: ManagementTree, block: Sequence, context: ExecutionContext): Promise<Reply[]> {
  return [statusOf(block, 200), ...(await executeAll(tree, block.commands, context))];
}

/** All of its members or none: those that were done are taken back, those after the first failure are not begun. */
async function executeAtomic(tree: ManagementTree, block: Atomic, context: ExecutionContext): Promise<Reply[]> {
  const steps: Step[] = [];
  for (const command of block.commands) {
    if (!isAtomicMember(command)) return refuseAtomic(block);
    steps.push(...stepsOf(command));
  }
  const done: ItemOutcome[] = [];
  try {
    for (const step of steps) {
      done.push(await runStep(tree, step, context));
      if (hasFailed(done.at(-1))) break;
    }
  } catch (error) {
    rollBack(done);
    throw error;
  }
  if (!hasFailed(done.at(-1))) return [statusOf(block, 200), ...pair(steps, done)];
  return [statusOf(block, atomicFailed), ...pair(steps, rollBack(done))];
}

/** @see OMA DM RepPro 1.2 § 6.6.2: no Get, no Exec, no block inside */
function isAtomicMember(command: ServerCommand): command is NodeCommand | Alert {
  return ['Add', 'Alert', 'Delete', 'Copy', 'Replace'].includes(command.name);
}

function refuseAtomic(block: Atomic): Reply[] {
  const members = block.commands.flatMap((member): Reply[] => [
    statusOf(member, isAtomicMember(member) ? notExecuted : commandFailed),
    ...('commands' in member ? skip(member.commands) : []),
  ]);
  return [statusOf(block, atomicFailed), ...members];
}

function skip(commands: readonly ServerCommand[]): Reply[] {
  return commands.flatMap((command) => [statusOf(command, notExecuted), ...('commands' in command ? skip(command.commands) : [])]);
}

/** The last change first; each outcome becomes what is left of it. */
function rollBack(done: readonly ItemOutcome[]): ItemOutcome[] {
  return done
    .toReversed()
    .map((outcome) => (hasFailed(outcome) ? outcome : { status: undone(outcome) }))
    .toReversed();
}

function undone({ undo }: ItemOutcome): number {
  try {
    undo?.();
    return rolledBack;
  } catch (error) {
    if (isPosternError(error)) return rollBackFailed;
    throw error;
  }
}

function hasFailed(outcome: ItemOutcome | undefined): boolean {
  return outcome !== undefined && outcome.status >= 300;
}

function pair(steps: readonly Step[], outcomes: readonly ItemOutcome[]): Reply[] {
  return steps.flatMap((step, at) => repliesOf(step, outcomes[at] ?? { status: notExecuted }));
}

function repliesOf({ command, item }: Step, { status, data, results = [] }: ItemOutcome): Reply[] {
  const target = item?.Target?.LocURI;
  const source = item?.Source?.LocURI;
  const answer: Reply = {
    ...statusOf(command, status),
    ...(target !== undefined && { TargetRef: [target] }),
    ...(source !== undefined && { SourceRef: [source] }),
    ...(data !== undefined && { Item: [{ Data: data }] }),
  };
  return [answer, ...results.map((result) => resultsOf(command, target, result))];
}

function resultsOf(command: NodeCommand | Alert, target: string | undefined, item: Item): Reply {
  return { name: 'Results', CmdRef: command.CmdID, ...(target !== undefined && { TargetRef: [target] }), Item: [item] };
}

function statusOf(command: ServerCommand, status: number): StatusReply {
  return { name: 'Status', CmdRef: command.CmdID, Cmd: command.name, Data: String(status) };
}
