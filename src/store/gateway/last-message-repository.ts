import { PosternError } from '#src/base/index.js';
import type { LastMessage, LastMessageRepository } from '#src/gateway/index.js';
import type { Sealer } from '#src/security/index.js';
import { type SealedRows, sealContext } from '../sealed-secret.js';
import type { Database } from '../sqlite/database.js';
import { isForeignKeyFailure } from '../sqlite/sqlite-errors.js';
import type { UnreadableRows } from '../sqlite/unreadable-rows.js';

export interface LastMessageOptions extends SealedRows {
  /** Bytes of an answer. */
  readonly answerBytes: number;
}

/** @see LastMessageRepository; answers are sealed, for they can carry our credentials towards the device. */
export class SqliteLastMessageRepository implements LastMessageRepository {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #unreadable: UnreadableRows;
  readonly #answerBytes: number;

  constructor({ database, sealer, unreadable, answerBytes }: LastMessageOptions) {
    this.#database = database;
    this.#sealer = sealer;
    this.#unreadable = unreadable;
    this.#answerBytes = answerBytes;
  }

  get(device: string): LastMessage | undefined {
    const row = this.#database.get<LastMessageRow>('SELECT * FROM last_message WHERE device = ?', device);
    if (!row) return undefined;
    const { digest, content, at, answer, content_type: contentType } = row;
    if (answer === null || contentType === null) return { digest, content, at };
    const body = this.#unreadable.attempt('last_message', [device], () => this.#sealer.openBytes(answer, context(device)));
    return { digest, content, at, ...(body === undefined ? {} : { answer: { contentType, body } }) };
  }

  /** @throws PosternError `store.answer-too-large`, `store.unknown-device` */
  put(device: string, { digest, content, at, answer }: LastMessage): void {
    if (answer) this.#requireFits(device, answer.body.length);
    const body = answer ? this.#sealer.sealBytes(answer.body, context(device)) : null;
    try {
      this.#database.run(putSql, device, digest, content, at, answer?.contentType ?? null, body);
    } catch (error) {
      if (isForeignKeyFailure(error)) throw new PosternError('store.unknown-device', { device }, { cause: error });
      throw error;
    }
  }

  #requireFits(device: string, bytes: number): void {
    const limit = this.#answerBytes;
    if (bytes > limit) throw new PosternError('store.answer-too-large', { device, bytes, limit });
  }
}

interface LastMessageRow {
  readonly digest: string;
  readonly content: string;
  readonly at: number;
  readonly content_type: string | null;
  readonly answer: Uint8Array | null;
}

const putSql = `
  INSERT INTO last_message (device, digest, content, at, content_type, answer) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (device) DO UPDATE SET
    digest = excluded.digest, content = excluded.content, at = excluded.at,
    content_type = excluded.content_type, answer = excluded.answer`;

function context(device: string): string {
  return sealContext('last_message', [device], 'answer');
}
