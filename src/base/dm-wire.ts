import type { Milliseconds } from './clock.js';

/**
 * What every party of DM needs from the wire. `transport/` implements the clients and calls the handler; a program introduces them.
 * @see OMA DM HTTP Binding 1.2
 */

/** One message that a peer posted, read completely and within the limits. */
export interface DmRequest {
  /** The path of the target, without its query, as it was sent (nothing decoded). */
  readonly path: string;
  /** As sent, parameters included. */
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
  /** The peer's IP address; an IPv4 address is never written in IPv6's form. */
  readonly remoteAddress: string;
  /** Whether it came over TLS. */
  readonly encrypted: boolean;
  /** Aborts when the peer goes away before it is answered, or when the answer takes too long. */
  readonly signal: AbortSignal;
}

/** The answer in the same HTTP exchange. */
export interface DmResponse {
  readonly status: number;
  readonly contentType?: string;
  readonly body?: Uint8Array;
  /** Besides those that the endpoint writes itself (Date, Cache-Control, Content-Type, Content-Length, Connection). */
  readonly headers?: Readonly<Record<string, string>>;
  /** Close the connection afterwards. */
  readonly close?: boolean;
}

/** Answers one message. A handler that throws is answered with 500 and logged: expected failures are a {@link DmResponse}. */
export type DmHandler = (request: DmRequest) => Promise<DmResponse>;

/** A question without a body whose answer may take its time: a long-poll. */
export interface DmPoll {
  /** The path of the target, without its query, as it was sent (nothing decoded). */
  readonly path: string;
  /** What the peer shows of itself, as sent. */
  readonly authorization: string | undefined;
  readonly remoteAddress: string;
  readonly encrypted: boolean;
  /** Aborts when the peer goes away before it is answered. */
  readonly signal: AbortSignal;
}

/** Answers one poll. */
export type DmPollHandler = (poll: DmPoll) => Promise<DmResponse>;

/** One message for a peer. */
export interface DmPost {
  /** `http:` or `https:`. */
  readonly url: string;
  readonly contentType: string;
  readonly accept: string;
  readonly body: Uint8Array;
  /** From connecting to the last byte of the answer. */
  readonly timeout: Milliseconds;
  readonly headers?: Readonly<Record<string, string>>;
  /** Gives up. */
  readonly signal?: AbortSignal;
}

/** What a peer answered, whatever its HTTP status: redirects are not followed. */
export interface DmReply {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The one connection of a DM session, shared with no other. One message at a time. */
export interface DmClient {
  /** @throws PosternError `wire.*` when no answer could be had */
  post(request: DmPost): Promise<DmReply>;
  /** Gives the connection back; a post under way fails. */
  close(): void;
}

/** Opens a connection for each DM session. */
export interface DmClientFactory {
  session(): DmClient;
  /** Closes every session. */
  close(): void;
}
