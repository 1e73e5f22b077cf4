import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { clientDigest } from './bench-passwords.js';
import { credential, dmContentType, firstPackage, isChallenge, nonceIn, results, textOf } from './canned-messages.js';
import { PlainConnection } from './plain-connection.js';

/** How a device reaches whom it speaks to. */
export interface Route {
  /** Where connections go. */
  readonly port: number;
  /** Host and port of the server as the device knows it. */
  readonly authority: string;
  /** `origin`: straight. `absolute`: by a forward proxy. `tunnel`: by CONNECT through one. */
  readonly form: 'origin' | 'absolute' | 'tunnel';
  /** The authority (PEM) of whom it speaks TLS to, in a tunnel at its other end; absent: plain http. Each connection shakes hands anew. */
  readonly trust?: string;
  /** The value of Proxy-Authorization. */
  readonly proof?: (device: string) => string;
}

/** A device that fills templates and checks only that it is answered. */
export class CannedDevice {
  readonly id: string;
  readonly #route: Route;
  /** For our next credentials, Base64. */
  #nonce: string | undefined;
  #sessions = 0;
  #session = '';
  #connection: PlainConnection | undefined;
  #url = '';
  #messages = 0;
  /** Our last credentials were not taken. */
  #unproved = true;

  constructor(id: string, route: Route) {
    this.id = id;
    this.#route = route;
  }

  /** One session; how many messages it took. @throws Error when it is not answered as it should be */
  async session(askedFor?: string): Promise<number> {
    const first = await this.open(askedFor);
    if (/<(Get|Replace)><CmdID>/.test(first)) await this.finish(first);
    this.leave();
    return this.#messages;
  }

  /**
   * Package 1, again if that is asked for; its answer.
   * @param askedFor the session id of a trigger that it had
   */
  async open(askedFor?: string): Promise<string> {
    this.#sessions++;
    this.#session = askedFor ?? this.#sessions.toString(16).toUpperCase();
    this.#messages = 0;
    this.#url = `${this.#route.trust === undefined ? 'http' : 'https'}://${this.#route.authority}/dm`;
    const alert = askedFor === undefined ? '1201' : '1200';
    const answer = await this.#post(firstPackage(this.#header(), alert));
    return isChallenge(answer) ? this.#post(firstPackage(this.#header(), alert)) : answer;
  }

  /** Answers commands until there are none. */
  async finish(received: string): Promise<void> {
    for (let answer = received; /<(Get|Replace)><CmdID>/.test(answer); ) {
      answer = await this.#post(results(this.#header(), answer, randomBytes(16).toString('base64')));
    }
    this.leave();
  }

  /** Gives up its connection. */
  leave(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  #header() {
    this.#messages++;
    const proof = this.#messages === 1 || this.#unproved ? credential(clientDigest, this.#nonce) : {};
    return { session: this.#session, message: this.#messages, target: this.#url, source: this.id, ...proof };
  }

  async #post(body: string): Promise<string> {
    const connection = await this.#connected();
    const { status, body: answer } = await connection.exchange(this.#head(Buffer.byteLength(body)), body);
    if (status !== 200) throw new Error(`${this.id} got ${status}`);
    this.#nonce = nonceIn(answer) ?? this.#nonce;
    this.#unproved = isChallenge(answer);
    this.#url = textOf(answer, 'RespURI') ?? this.#url;
    return answer;
  }

  #head(length: number): string {
    const { form, authority, proof } = this.#route;
    const target = form === 'absolute' ? this.#url : new URL(this.#url).pathname;
    const shown = form === 'absolute' && proof !== undefined ? `Proxy-Authorization: ${proof(this.id)}\r\n` : '';
    return `POST ${target} HTTP/1.1\r\nHost: ${authority}\r\n${shown}Content-Type: ${dmContentType}\r\nAccept: */*\r\nContent-Length: ${length}\r\n\r\n`;
  }

  async #connected(): Promise<PlainConnection> {
    this.#connection ??= new PlainConnection(await this.#reach());
    return this.#connection;
  }

  async #reach(): Promise<Socket> {
    const { port, form, trust } = this.#route;
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    if (form === 'tunnel') await this.#openTunnel(socket);
    // Errors of one that is connecting reach the wrapped one too.
    return trust === undefined ? socket : connectTls({ socket, ca: trust, host: '127.0.0.1' });
  }

  async #openTunnel(socket: Socket): Promise<void> {
    const { authority, proof } = this.#route;
    const shown = proof === undefined ? '' : `Proxy-Authorization: ${proof(this.id)}\r\n`;
    const proxy = new PlainConnection(socket);
    const { status } = await proxy.exchange(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${shown}\r\n`, '');
    proxy.release();
    if (status !== 200) throw new Error(`${this.id} got no tunnel: ${status}`);
  }
}
