import type { FakeKlaviyo } from "./klaviyo/fake-klaviyo.ts";

/** A write-back that Klaviyo accepted. */
export type WriteBack =
  | { readonly type: "profile"; readonly serial: string; readonly updatedAt: string; readonly state: string }
  | { readonly type: "event"; readonly serial: string; readonly metric: string };

interface ProfileBody {
  readonly data: { readonly attributes: { readonly properties: Readonly<Record<string, string>> } };
}
interface EventBody {
  readonly data: {
    readonly attributes: {
      readonly properties: Readonly<Record<string, string>>;
      readonly metric: { readonly data: { readonly attributes: { readonly name: string } } };
    };
  };
}

/** The write-backs of every pass in the order in which Klaviyo took them, repeats included. */
export function acceptedWriteBacks(klaviyo: FakeKlaviyo): ReadonlyMap<string, readonly WriteBack[]> {
  const bySerial = new Map<string, WriteBack[]>();
  for (const { path, body, status } of klaviyo.requests) {
    if (typeof status !== "number" || status >= 300) continue;
    const accepted = read(path, body);
    if (accepted) bySerial.set(accepted.serial, [...(bySerial.get(accepted.serial) ?? []), accepted]);
  }
  return bySerial;
}

/** What is wrong with the order of one pass's write-backs; empty when nothing is. */
export function orderProblems(writeBacks: readonly WriteBack[]): string[] {
  const problems: string[] = [];
  if (writeBacks[0]?.type === "event") problems.push("an event came before the profile was written");
  const times = writeBacks.flatMap((one) => (one.type === "profile" ? [one.updatedAt] : []));
  for (const [i, time] of times.entries()) {
    const before = times[i - 1];
    if (before !== undefined && time < before) problems.push(`the state of ${time} came after that of ${before}`);
  }
  return problems;
}

function read(path: string, body: unknown): WriteBack | undefined {
  if (path === "/api/profile-import") {
    const { properties } = (body as ProfileBody).data.attributes;
    return {
      type: "profile",
      serial: properties["wallet_pass_serial"] ?? "",
      updatedAt: properties["wallet_pass_updated_at"] ?? "",
      state: properties["wallet_pass_state"] ?? "",
    };
  }
  if (path !== "/api/events") return undefined;
  const { properties, metric } = (body as EventBody).data.attributes;
  return { type: "event", serial: properties["serial"] ?? "", metric: metric.data.attributes.name };
}
