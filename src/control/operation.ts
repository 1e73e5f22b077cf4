import type { z } from 'zod';
import type { ErrorCode, Milliseconds } from '#src/base/index.js';

/**
 * One thing that a control interface can do. `params` are the `:names` of the path, `query` what follows `?`, `body` the JSON sent.
 * Their names are disjoint: a caller gives one object with all of them.
 */
export interface Operation {
  readonly summary: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType<object>;
  /** Absent: there is nothing to answer (204). */
  readonly answer?: z.ZodType;
  /** Where the answer itself says that something does not work; absent: 200. */
  readonly statusOf?: (answer: unknown) => 200 | 503;
  /** What it can refuse with, besides `control.invalid` and `control.internal`. */
  readonly errors: readonly ErrorCode[];
  /** How long a caller waits for the answer; 10 s if absent. `wait` seconds of the query come on top. */
  readonly timeout?: Milliseconds;
}

/** A contract: operations by the name of the method that does them. */
export type Operations = Readonly<Record<string, Operation>>;

/** The largest body of a request, in bytes. */
export const maxBodyBytes = 64 * 1024;

/** What serves a contract: one method for each operation, with parsed input. */
export type Service<T extends Operations> = { readonly [Name in keyof T]: Method<Parsed<T[Name]>, Promised<T[Name]>> };

/** What calls a contract: as `Service`, but what has a default may be absent from the input. */
export type Client<T extends Operations> = { readonly [Name in keyof T]: Method<Given<T[Name]>, Promised<T[Name]>> };

type Method<Input, Answer> = unknown extends Input ? () => Answer : (input: Input) => Answer;

type Promised<O extends Operation> = O extends { answer: infer S extends z.ZodType } ? Promise<z.output<S>> : Promise<void>;
type Parsed<O extends Operation> = ParsedPart<O, 'params'> & ParsedPart<O, 'query'> & ParsedPart<O, 'body'>;
type Given<O extends Operation> = GivenPart<O, 'params'> & GivenPart<O, 'query'> & GivenPart<O, 'body'>;

type Part = 'params' | 'query' | 'body';
type ParsedPart<O extends Operation, P extends Part> = O extends { [K in P]: infer S extends z.ZodType } ? z.output<S> : unknown;
type GivenPart<O extends Operation, P extends Part> = O extends { [K in P]: infer S extends z.ZodType } ? z.input<S> : unknown;
