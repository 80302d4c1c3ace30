import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";

/** A page that somebody has open. */
export interface Watched {
  /** What the page showed that the browser has. */
  readonly seen: string;
  /** What it would show now; nothing when the visitor may not see it any more. */
  look(): Promise<string | undefined>;
}

interface Listener extends Omit<Watched, "seen"> {
  seen: string;
  heardAt: number;
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
}

export type LiveStreams = ReturnType<typeof createLiveStreams>;

const LOOK_EVERY_MS = 1_000;
/** Less than the server and usual proxies take for the silence of a connection that is gone. */
const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 3_000;
const MAX_LISTENERS = 100;
/** So many heartbeats that nobody took: the reader is gone. */
const MAX_UNREAD = 8;

/**
 * Tells browsers that a page would look otherwise now, as server-sent events. It looks once a second, and only while
 * somebody listens: so it sees what any process of this database does, and nothing on the way of webhooks knows of it.
 */
export function createLiveStreams({ clock, maxListeners = MAX_LISTENERS }: { clock: Clock; maxListeners?: number }) {
  const listeners = new Set<Listener>();
  const encoder = new TextEncoder();
  let stopTimer: (() => void) | undefined;
  let closed = false;

  const send = ({ controller }: Listener, text: string) => controller.enqueue(encoder.encode(text));

  function end(listener: Listener): void {
    if (!listeners.delete(listener)) return;
    listener.controller.close();
  }

  async function update(listener: Listener): Promise<void> {
    // A page that cannot be made any more, such as one of a template that was deleted, is loaded again to say so.
    const state = await listener.look().catch(() => undefined);
    if (!listeners.has(listener)) return;
    if (state === undefined || (listener.controller.desiredSize ?? 0) < -MAX_UNREAD) return end(listener);
    const now = clock.now();
    if (state !== listener.seen) send(listener, "event: changed\ndata:\n\n");
    else if (now - listener.heardAt >= HEARTBEAT_MS) send(listener, ":\n\n");
    else return;
    listener.seen = state;
    listener.heardAt = now;
  }

  function lookSoon(): void {
    stopTimer ??= clock.after(LOOK_EVERY_MS, async () => {
      for (const listener of [...listeners]) await update(listener);
      stopTimer = undefined;
      if (listeners.size > 0) lookSoon();
    });
  }

  return {
    /** Throws `unavailable` where too many listen, or the server is shutting down: pages work without, too. */
    open(watched: Watched): ReadableStream<Uint8Array> {
      if (closed || listeners.size >= maxListeners) {
        throw new AppError("unavailable", "Too many pages are followed now. Load the page again to see what is new.");
      }
      let listener: Listener | undefined;
      return new ReadableStream({
        start(controller) {
          listener = { ...watched, controller, heardAt: clock.now() };
          listeners.add(listener);
          send(listener, `retry: ${RECONNECT_MS}\n\n`);
          lookSoon();
        },
        cancel() {
          if (listener) listeners.delete(listener);
        },
      });
    },

    /** Ends every stream, so that none keeps the server from stopping. */
    close(): void {
      closed = true;
      stopTimer?.();
      for (const listener of [...listeners]) end(listener);
    },
  };
}
