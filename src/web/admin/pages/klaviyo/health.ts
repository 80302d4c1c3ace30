import { INGESTION_JOB } from "../../../../klaviyo/ingestion-log.ts";
import type { CheckedKey } from "../../../../klaviyo/key-checks.ts";
import type { StoredStatus } from "../../../../klaviyo/status.ts";
import { adviceOn, kindWords, reasonWords } from "./words.ts";

/** How the connection is, in a sentence or two, with the next step. */
export interface Health {
  readonly tone: "good" | "info" | "warning" | "bad";
  readonly title: string;
  readonly text: string;
  readonly link?: { readonly path: string; readonly label: string };
}

const CONNECT = { path: "/klaviyo/connect", label: "Connect" };

/** The gravest thing first. `checked` is missing while Klaviyo has not answered. */
export function healthOf(status: StoredStatus, checked: CheckedKey | null | undefined): Health {
  const waiting = waitingJobs(status);
  const waitingText =
    waiting === 0 ? "Nothing waits." : `${count(waiting, "message")} ${waiting === 1 ? "waits" : "wait"}.`;
  switch (status.mode) {
    case "sandbox":
      return {
        tone: "info",
        title: "Sandbox: nothing is sent to Klaviyo",
        text: "Passes are issued and change as usual. What Klaviyo would be told is recorded here instead, with what Klaviyo would refuse about it. Connect when you like what you see.",
        link: CONNECT,
      };
    case "disconnected":
      return {
        tone: "warning",
        title: "Disconnected: Klaviyo is told nothing",
        text: `Passes are issued and change as before. What Klaviyo should know waits, and goes out in order when there is a key again. ${waitingText}`,
        link: CONNECT,
      };
    case "live":
      return liveHealth(status, checked, waitingText);
    default:
      return status.mode satisfies never;
  }
}

/** What is still to be told. A look at Klaviyo's log is due minutes after records were sent; nobody waits for that. */
export const waitingJobs = ({ backlog }: Pick<StoredStatus, "backlog">): number =>
  backlog
    .filter(({ kind, state }) => state !== "dead" && kind !== INGESTION_JOB)
    .reduce((sum, { jobs }) => sum + jobs, 0);

function liveHealth(status: StoredStatus, checked: CheckedKey | null | undefined, waitingText: string): Health {
  if (checked?.key.state === "refused") {
    return {
      tone: "bad",
      title: "Klaviyo refuses the key",
      text: `It was deleted in Klaviyo, or never worked. Make a new one and connect it; nothing is lost meanwhile. ${waitingText}`,
      link: CONNECT,
    };
  }
  const missing = checked?.scopes?.missing ?? [];
  const required = missing.filter((scope) => scope.required);
  if (required.length > 0) {
    return {
      tone: "bad",
      title: `The key lacks ${listed(required.map(({ name }) => name))}`,
      text: "Without it Klaviyo cannot be told of passes. A key's scopes are fixed: make a new one in Klaviyo and connect it.",
      link: CONNECT,
    };
  }
  const stopped = status.lanes.filter(({ alarm }) => alarm !== null);
  const [first] = stopped;
  if (first?.alarm) {
    const { text, link } = adviceOn(first.alarm);
    return {
      tone: "bad",
      title: `Stopped: ${listed(stopped.map(({ kind }) => kindWords(kind)))}`,
      text: `${reasonWords(first.alarm)} ${text}`,
      ...(link ? { link } : {}),
    };
  }
  if (checked === undefined || checked?.key.state === "unknown") {
    return {
      tone: "warning",
      title: "Klaviyo could not be asked whether the key is good",
      text: `${checked?.key.state === "unknown" ? `${reasonWords(checked.key.reason)} ` : "It has not answered yet. "}What it should know is kept, and tried again by itself. ${waitingText}`,
    };
  }
  if (status.dead.length > 0) {
    return {
      tone: "warning",
      title: `Connected to ${status.organizationName ?? "Klaviyo"}, but something was given up`,
      text: "Klaviyo did not take some messages. They are below, each with the reason.",
    };
  }
  if (missing.length > 0) {
    return {
      tone: "warning",
      title: `Connected to ${status.organizationName ?? "Klaviyo"}, with a key that lacks ${count(missing.length, "scope")}`,
      text: "Profiles and events are written. What else would be possible is listed below.",
    };
  }
  return {
    tone: "good",
    title: `Connected to ${status.organizationName ?? "Klaviyo"}`,
    text:
      waitingText === "Nothing waits."
        ? "The key is good, and Klaviyo knows everything."
        : `The key is good. ${waitingText}`,
  };
}

/** `1 pass`, `2,400 passes`. */
export function count(n: number, one: string, several = `${one}s`): string {
  return `${n.toLocaleString("en")} ${n === 1 ? one : several}`;
}

export const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
