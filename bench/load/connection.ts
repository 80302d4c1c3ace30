import type { Socket } from "bun";

/** What a connection is given to send; it asks for the next when an answer is complete. */
export interface Work {
  /** The next request's bytes, or nothing when there are no more. */
  next(): Uint8Array | undefined;
  answered(status: number): void;
}

const EMPTY = Buffer.alloc(0);
const END_OF_HEAD = Buffer.from("\r\n\r\n");

/**
 * One HTTP/1.1 connection, one request at a time. It reads no more of an answer than status and length, so that the
 * generator leaves the machine to the server. Resolves when there is no more work.
 */
export function runConnection(port: number, work: Work): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let head = EMPTY;
  let status = 0;
  let bodyLeft = -1; // -1: the head is not complete

  function sendNext(socket: Socket): void {
    const request = work.next();
    if (!request) {
      resolve();
      socket.end();
    } else if (socket.write(request) !== request.length) {
      reject(new Error("A request did not fit into the socket's buffer."));
    }
  }

  function read(socket: Socket, chunk: Buffer): void {
    let body = chunk.length;
    if (bodyLeft < 0) {
      const begun = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const end = begun.indexOf(END_OF_HEAD);
      head = end < 0 ? Buffer.from(begun) : EMPTY;
      if (end < 0) return;
      const text = begun.toString("latin1", 0, end);
      status = Number(text.slice(9, 12));
      bodyLeft = lengthOf(text, status);
      body = begun.length - end - END_OF_HEAD.length;
    }
    bodyLeft -= body;
    if (bodyLeft > 0) return;
    if (bodyLeft < 0) throw new Error("An answer was longer than it said.");
    bodyLeft = -1;
    work.answered(status);
    sendNext(socket);
  }

  Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      open: sendNext,
      data(socket, chunk) {
        try {
          read(socket, chunk);
        } catch (error) {
          reject(error);
          socket.end();
        }
      },
      error: (_, error) => reject(error),
      // After `resolve` this changes nothing.
      close: () => reject(new Error("The server closed a connection.")),
    },
  }).catch(reject);
  return promise;
}

function lengthOf(head: string, status: number): number {
  if (status === 304 || status === 204) return 0;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`An answer of unknown length: ${head}`);
  return Number(length);
}
