import type SqliteDatabase from 'better-sqlite3';
import { isPosternError, type Log, PosternError, silentLog } from '#src/base/index.js';
import { type Migration, migrate } from './migrations.js';
import { schemaDamage, translateSqliteError } from './sqlite-errors.js';
import { openSqliteFile, waitOnlyBriefly } from './sqlite-file.js';
import { Turn } from './turn.js';
import { type Sync, WriteAheadLog } from './write-ahead-log.js';

export type SqlValue = string | number | bigint | Uint8Array | null;

export interface DatabaseOptions {
  /** Path of the file; made if it is missing. */
  readonly file: string;
  readonly migrations: readonly Migration[];
  /** Hears of migrations, and of a commit that failed while nobody waited for it. */
  readonly log?: Log;
  /** How the log of SQLite is brought to the disk; `fdatasync` unless set. */
  readonly sync?: Sync;
  /** Called when there is a {@link Database.failure} where there was none. */
  readonly onFailure?: () => void;
}

/** Milliseconds between two commits when there is always somebody who waits for one; alone nobody waits. */
const gathering = 4;

type Told = Pick<DatabaseOptions, 'log' | 'sync' | 'onFailure'>;

/**
 * A SQLite file with one transaction per turn: the first write begins it, and it is committed once this turn of the event loop is
 * over and what was committed before is on the disk. So the busier the disk, the more shares a transaction, and the event loop
 * waits for none. Whoever acknowledges something awaits `committed()` first, called in the turn that wrote.
 */
export class Database {
  /** Resolves with the reason once the disk has failed to take what was committed: from then on nothing counts as kept, whatever is tried. */
  readonly broken: Promise<PosternError>;
  #tellBroken: (failure: PosternError) => void = () => {};
  readonly #sqlite: SqliteDatabase.Database;
  readonly #log: Log;
  readonly #onFailure: () => void;
  readonly #wal: WriteAheadLog;
  readonly #statements = new Map<string, SqliteDatabase.Statement<SqlValue[]>>();
  #turn: Turn | undefined;
  /** Committed, and on its way to the disk. */
  #syncing: Turn | undefined;
  /** The disk has failed to take what was committed: nothing that was or will be written counts as kept. */
  #broken: PosternError | undefined;
  #unheard: PosternError | undefined;
  #failure: PosternError | undefined;
  #commits = 0;
  #losses = 0;
  #undone = 0;
  #committedAt = 0;

  private constructor(sqlite: SqliteDatabase.Database, { log = silentLog, sync, onFailure = () => {} }: Told) {
    this.#sqlite = sqlite;
    this.#log = log;
    this.#onFailure = onFailure;
    this.#wal = new WriteAheadLog(sqlite.name, sync);
    this.broken = new Promise((resolve) => {
      this.#tellBroken = resolve;
    });
  }

  /** @throws PosternError `store.*`, `security.file-exposed` */
  static open({ file, migrations, ...told }: DatabaseOptions): Database {
    const sqlite = openSqliteFile(file);
    try {
      migrate(sqlite, migrations, told.log ?? silentLog);
      waitOnlyBriefly(sqlite);
      return new Database(sqlite, told);
    } catch (error) {
      sqlite.close();
      throw translateSqliteError(error, file);
    }
  }

  /** Commits since it was opened. */
  get commits(): number {
    return this.#commits;
  }

  /** Turns whose writes could not be kept, since it was opened. */
  get losses(): number {
    return this.#losses;
  }

  /** How often something that was written has been undone since it was opened: what was read meanwhile may not be so. */
  get undone(): number {
    return this.#undone;
  }

  /** Why SQLite could not do what was asked last; undefined again with the next commit, but for a file that is damaged. */
  get failure(): PosternError | undefined {
    return this.#failure;
  }

  /** The first row; sees what this turn has written. `Row` is what the schema says of it. */
  get<Row>(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.#guard(() => this.#statement(sql).get(...values) as Row | undefined);
  }

  all<Row>(sql: string, ...values: SqlValue[]): Row[] {
    return this.#guard(() => this.#statement(sql).all(...values) as Row[]);
  }

  /** One statement, joined to the transaction of this turn; how many rows it changed. */
  run(sql: string, ...values: SqlValue[]): number {
    // SQLite undoes a statement that fails by itself: no savepoint.
    return this.#join(false, () => this.#statement(sql).run(...values).changes);
  }

  /** Several statements that hold together or not at all; if `work` throws, only they are undone. */
  write<T>(work: () => T): T {
    return this.#join(true, work);
  }

  /**
   * Resolves when everything written so far is on disk. Also rejects, once, for an earlier loss that nobody had waited for.
   * @throws PosternError `store.*`
   */
  committed(): Promise<void> {
    const unheard = this.#unheard ?? this.#broken;
    this.#unheard = undefined;
    if (unheard) return Promise.reject(unheard);
    return (this.#turn ?? this.#syncing)?.ended() ?? Promise.resolve();
  }

  /** Writes something that changes nothing, and resolves when it is on disk. @throws PosternError `store.*` */
  async tryToWrite(): Promise<void> {
    const { user_version: version } = this.get<{ user_version: number }>('PRAGMA user_version') ?? { user_version: 0 };
    this.run(`PRAGMA user_version = ${version}`);
    await this.committed();
  }

  /** Commits what is open and closes the file. */
  close(): void {
    if (!this.#sqlite.open) return;
    this.#endNow();
    this.#statements.clear();
    this.#sqlite.close();
    this.#wal.close();
  }

  #join<T>(several: boolean, work: () => T): T {
    const begun = this.#begin();
    const savepoint = several && !begun;
    try {
      if (savepoint) this.#statement('SAVEPOINT part').run();
      const result = work();
      if (savepoint) this.#statement('RELEASE part').run();
      return result;
    } catch (error) {
      this.#undo(begun, savepoint);
      throw this.#translated(error);
    }
  }

  /** True if it began the transaction: then all that is in it is the caller's. */
  #begin(): boolean {
    const failure = this.#broken ?? this.#turn?.failure;
    if (failure) throw failure;
    if (this.#sqlite.inTransaction) return false;
    this.#guard(() => this.#statement('BEGIN IMMEDIATE').run());
    this.#turn ??= this.#startTurn();
    return true;
  }

  #startTurn(): Turn {
    const turn = new Turn();
    if (!this.#wal.syncing) this.#endSoon(turn);
    return turn;
  }

  #endSoon(turn: Turn): void {
    setImmediate(() => {
      if (this.#turn === turn) this.#end(turn);
    });
  }

  /** Others write while somebody waits for the disk: a moment more, and they share a commit. */
  #endInTime(turn: Turn): void {
    const wait = gathering - (performance.now() - this.#committedAt);
    if (wait > 0) setTimeout(() => this.#endSoon(turn), wait);
    else this.#endSoon(turn);
  }

  #undo(begun: boolean, savepoint: boolean): void {
    this.#undone += 1;
    if (!this.#sqlite.inTransaction) {
      // A full disk, say, makes SQLite give up the whole transaction, with what others wrote in this turn.
      if (!begun && this.#turn) this.#turn.failure ??= this.#lost('a later write failed and undid the whole turn');
    } else if (begun) this.#execute('ROLLBACK');
    else if (savepoint) this.#execute('ROLLBACK TO part; RELEASE part');
  }

  #end(turn: Turn): void {
    this.#turn = undefined;
    const isUndone = !this.#sqlite.inTransaction;
    const failure = turn.failure ?? this.#commit();
    if (failure || isUndone) return this.#settle(turn, failure);
    this.#syncing = turn;
    this.#committedAt = performance.now();
    this.#wal.sync((error) => this.#synced(turn, error));
  }

  #synced(turn: Turn, error: Error | null): void {
    // Closed meanwhile: it was settled then.
    if (this.#syncing !== turn) return;
    this.#syncing = undefined;
    if (error !== null) this.#break(error);
    this.#settle(turn, this.#broken);
    if (this.#turn) this.#endInTime(this.#turn);
  }

  /** What the disk has not taken it may have forgotten, although a later sync says that all is well: only a new start finds out. */
  #break({ message }: Error): void {
    this.#broken = new PosternError('store.input-output', { file: this.#sqlite.name, what: message });
    this.#fail(this.#broken);
    this.#tellBroken(this.#broken);
  }

  /** Commits what is open and waits for the disk. */
  #endNow(): void {
    const turns = [this.#syncing, this.#turn].filter((turn) => turn !== undefined);
    const failure = this.#turn && (this.#turn.failure ?? this.#commit());
    this.#turn = undefined;
    this.#syncing = undefined;
    if (turns.length > 0 && this.#broken === undefined) this.#syncNow();
    for (const turn of turns) this.#settle(turn, this.#broken ?? (turn === turns.at(-1) ? failure : undefined));
  }

  #syncNow(): void {
    try {
      this.#wal.syncNow();
    } catch (error) {
      this.#break(error as Error);
    }
  }

  #settle(turn: Turn, failure: PosternError | undefined): void {
    if (failure) this.#losses += 1;
    if (failure && !turn.awaited) this.#remember(failure);
    turn.end(failure);
  }

  #commit(): PosternError | undefined {
    if (!this.#sqlite.inTransaction) return undefined;
    try {
      this.#statement('COMMIT').run();
      this.#commits += 1;
      if (!isPosternError(this.#failure, 'store.damaged')) this.#failure = this.#broken;
      return undefined;
    } catch (error) {
      this.#undone += 1;
      if (this.#sqlite.inTransaction) this.#execute('ROLLBACK');
      const translated = this.#translated(error);
      return isPosternError(translated) ? translated : this.#lost(String(error), error);
    }
  }

  /** Somebody who wrote in that turn may wait only later: the next to ask is told, so that a loss never goes unheard. */
  #remember(failure: PosternError): void {
    this.#unheard = failure;
    this.#log.error({ code: failure.code }, failure.message);
  }

  #lost(what: string, cause?: unknown): PosternError {
    return new PosternError('store.lost', { file: this.#sqlite.name, what }, { cause });
  }

  #translated(error: unknown): unknown {
    const translated = translateSqliteError(error, this.#sqlite.name);
    if (translated !== error && isPosternError(translated)) this.#fail(translated);
    return translated;
  }

  #fail(failure: PosternError): void {
    const isNew = this.#failure === undefined;
    this.#failure = failure;
    if (isNew) this.#onFailure();
  }

  #statement(sql: string): SqliteDatabase.Statement<SqlValue[]> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#prepared(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** Our statements fit the tables that the migrations have made: where one does not, the tables are others. */
  #prepared(sql: string): SqliteDatabase.Statement<SqlValue[]> {
    try {
      return this.#sqlite.prepare<SqlValue[]>(sql);
    } catch (error) {
      const damage = schemaDamage(error, this.#sqlite.name);
      if (damage === undefined) throw error;
      this.#fail(damage);
      throw damage;
    }
  }

  #execute(sql: string): void {
    this.#sqlite.exec(sql);
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.#translated(error);
    }
  }
}
