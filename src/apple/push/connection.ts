import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants, sensitiveHeaders } from "node:http2";
import { createSecureContext } from "node:tls";
import { messageOf } from "../../errors.ts";
import { answered, type PushAnswer, reasonIn, unreachable } from "./answer.ts";

/** More streams than this are not opened even where the peer allows them: each costs memory and the peer's patience. */
const MAX_STREAMS = 500;
/** Apple's bodies have about 60 characters; what a stranger sends beyond this is not kept. */
const MAX_BODY_CHARACTERS = 4_096;

export interface ConnectionOptions {
  /** `https://host:port` */
  readonly origin: string;
  readonly ca: string | undefined;
  /** Leaf, then intermediate. */
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

export interface ConnectionEvents {
  /** A further push may be sent: the peer's settings came or changed, or a stream ended. */
  onRoom(): void;
  /** It takes no more pushes; those in flight may still be answered. Called once. */
  onClosing(reason: string): void;
}

/** One HTTP/2 connection, whose client certificate says for whom it speaks. */
export interface Connection {
  /** Whether the peer has ever said how many streams it takes. */
  readonly isReady: boolean;
  readonly hasRoom: boolean;
  /** Answers so far: one that stands still while pushes time out is dead. */
  readonly heard: number;
  /** Settles exactly once, never before it has returned; the returned function takes the push back. */
  send(pushToken: string, topic: string, settle: (answer: PushAnswer) => void): () => void;
  /** Says goodbye and closes as soon as nothing is in flight; at once while it is still being opened. */
  close(): Promise<void>;
  /** Resolves when it is closed, for whatever reason. */
  readonly closed: Promise<void>;
  /** Closes at once; what is in flight is unreachable for this reason. */
  destroy(reason: string): void;
}

/**
 * Opens a connection. Throws where certificate and key do not fit each other; other trouble comes as an event.
 *
 * node:http2 of Bun does what is needed, from source and in a compiled executable (measured with 1.4.5 against Node's
 * nghttp2): it presents the client certificate with its chain, checks the peer's name and chain, multiplexes, follows
 * SETTINGS, lets streams below a GOAWAY's mark finish and refuses those above it.
 */
export function openConnection(options: ConnectionOptions, events: ConnectionEvents): Connection {
  const session = connect(options.origin, {
    // The key inside and not beside: a socket keeps its options, and so the text of the key, for as long as it lives.
    secureContext: createSecureContext({
      cert: options.certificatePem,
      key: options.privateKeyPem,
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    }),
    settings: { enablePush: false },
  });
  const inFlight = new Set<InFlight>();
  const closed = Promise.withResolvers<void>();
  let limit = 0;
  let isReady = false;
  let closingFor: string | undefined;
  let heard = 0;

  function closing(reason: string): void {
    if (closingFor !== undefined) return;
    closingFor = reason;
    events.onClosing(reason);
  }

  session.on("remoteSettings", (settings) => {
    isReady = true;
    limit = Math.min(settings.maxConcurrentStreams ?? MAX_STREAMS, MAX_STREAMS);
    events.onRoom();
  });
  session.on("goaway", (code: number, _lastStream: number, data: Uint8Array | undefined) => {
    const why = reasonIn(new TextDecoder().decode(data)) ?? (code === 0 ? "no reason given" : `error ${code}`);
    closing(`the connection was closed by the other side (${why})`);
  });
  session.on("error", (error: unknown) => {
    closing(messageOf(error));
    session.destroy();
  });
  session.on("close", () => {
    closing("the connection was closed");
    for (const one of [...inFlight]) one.finish();
    closed.resolve();
  });

  return {
    get isReady() {
      return isReady;
    },
    get hasRoom() {
      return isReady && closingFor === undefined && !session.closed && inFlight.size < limit;
    },
    get heard() {
      return heard;
    },
    closed: closed.promise,
    send(pushToken, topic, settle) {
      const one: InFlight = sendOne(session, pushToken, topic, (answer, failure) => {
        if (!inFlight.delete(one)) return;
        if (answer) heard += 1;
        settle(answer ?? unreachable(closingFor ?? failure ?? "the request was reset by the other side"));
        events.onRoom();
      });
      inFlight.add(one);
      return one.cancel;
    },
    close() {
      closing("it is being closed");
      if (isReady) session.close();
      else session.destroy();
      return closed.promise;
    },
    destroy(reason) {
      closing(reason);
      session.destroy();
    },
  };
}

interface InFlight {
  /** The connection is gone: reports what is known. */
  readonly finish: () => void;
  readonly cancel: () => void;
}

/** Reports the answer, or none and what the stream knows of the reason. */
function sendOne(
  session: ClientHttp2Session,
  pushToken: string,
  topic: string,
  report: (answer: PushAnswer | undefined, failure?: string) => void,
): InFlight {
  let status = 0;
  let retryAfter: string | undefined;
  let body = "";
  let failure: string | undefined;
  let stream: ClientHttp2Stream;
  try {
    stream = session.request({
      ":method": "POST",
      ":path": `/3/device/${pushToken}`,
      "apns-topic": topic,
      // Each path comes once, and the compression table at Apple's side is small ("Sending notification requests to
      // APNs": encode :path without indexing). It also keeps the token out of that table.
      [sensitiveHeaders]: [":path"],
    });
  } catch (error) {
    // Such as all stream numbers having been used: a new connection has new ones.
    session.close();
    const finish = () => report(undefined, messageOf(error));
    queueMicrotask(finish);
    return { finish, cancel: () => {} };
  }
  // A reset after the end of the answer changes nothing (RFC 9113, section 8.1: NO_ERROR).
  const finish = () => {
    const isWhole = status > 0 && failure === undefined && stream.rstCode === constants.NGHTTP2_NO_ERROR;
    if (isWhole) report(answered(status, body, retryAfter));
    else report(undefined, failure);
  };
  stream.setEncoding("utf8");
  stream.on("response", (headers) => {
    status = headers[":status"] ?? 0;
    const value = headers["retry-after"];
    retryAfter = Array.isArray(value) ? value[0] : value;
  });
  stream.on("data", (text: string) => {
    if (body.length < MAX_BODY_CHARACTERS) body += text;
  });
  stream.on("error", (error) => {
    failure = messageOf(error);
  });
  stream.on("close", finish);
  stream.end("{}");
  return { finish, cancel: () => stream.close(constants.NGHTTP2_CANCEL) };
}
