import type { Account } from "./account.ts";
import type { AnswerCounts, AnswerStatus } from "./answer-counts.ts";
import type { Answer, Api, RawRequest } from "./api.ts";
import type { FaultPlan } from "./fault-plan.ts";
import { type Fault, faultAnswer } from "./faults.ts";
import type { Outcome } from "./http-host.ts";
import type { RequestLog } from "./request-log.ts";
import { findRoute } from "./routes.ts";

const NOT_JSON = "upstream connect error or disconnect/reset before headers";

export interface ExchangeParts {
  readonly account: Account;
  readonly api: Api;
  readonly faults: FaultPlan;
  readonly log: RequestLog;
  readonly counts: AnswerCounts;
  /** Told what the fake itself did wrong. */
  readonly onDefect: (defect: unknown) => void;
}

/** What becomes of a request between the wire and the API: its fault if it has one, its answer, its record. */
export function createExchange(parts: ExchangeParts): (request: RawRequest) => Promise<Outcome> {
  const { account, api, faults, log, counts, onDefect } = parts;

  const answerOf = (request: RawRequest): Answer => {
    try {
      return api.answer(request);
    } catch (defect) {
      onDefect(defect);
      return faultAnswer({ status: 500, body: String(defect) }, account);
    }
  };

  const outcomeOf = async (request: RawRequest, fault: Fault | undefined): Promise<Outcome> => {
    if (fault === undefined) return { kind: "answer", answer: answerOf(request) };
    if (!("kind" in fault)) {
      if (fault.isApplied) answerOf(request);
      return { kind: "answer", answer: faultAnswer(fault, account) };
    }
    if (fault.kind === "reset-before") return { kind: "reset" };
    if (fault.kind === "hang") return { kind: "hang" };
    const answer = answerOf(request);
    if (fault.kind === "reset-after") return { kind: "reset" };
    if (fault.kind === "truncated") return { kind: "truncated", answer };
    if (fault.kind === "slow") await Promise.allSettled([fault.until()]);
    return { kind: "answer", answer: fault.kind === "not-json" ? { ...answer, body: NOT_JSON } : answer };
  };

  return async (request) => {
    const { pathname: path, searchParams } = new URL(request.target, "http://localhost");
    const { method, headers } = request;
    const facts = { method, path, operation: findRoute(method, path)?.operation.operationId };
    const outcome = await outcomeOf(request, faults.take(facts));
    const status: AnswerStatus = "answer" in outcome ? outcome.answer.status : outcome.kind;
    counts.add(facts.operation, status);
    log.add(facts, () => ({
      ...facts,
      query: Object.fromEntries(searchParams),
      headers,
      body: readable(request.body),
      status,
      at: account.now(),
    }));
    return outcome;
  };
}

function readable(bytes: Uint8Array): unknown {
  if (bytes.byteLength === 0) return null;
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
