import type { ApiCall } from "./answer-call.ts";
import type { Operation } from "./openapi/operation.ts";
import * as passes from "./operations/passes.ts";
import * as personPasses from "./operations/person-passes.ts";
import type { PassApi, PassPath } from "./pass-api.ts";
import type { PassObject } from "./pass-object.ts";

/** What every one of them answers, whatever else. */
export type PassAnswer = Pick<PassObject, "serialNumber" | "status">;

/** A call that issues or changes passes. */
export interface PassCall {
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  /** Pattern of the path, with `:template` and `:serial`. */
  readonly path: string;
  readonly operation: Operation;
  answer(api: PassApi, call: ApiCall, path: PassPath): Promise<PassAnswer>;
}

const PASSES = "/v1/passes";
export const PASS = `${PASSES}/:template/:serial`;
/** The newest pass of the person that the body names, for a flow that does not know the serial number. */
export const PERSON = `${PASSES}/:template/by-recipient`;

const issue: PassCall["answer"] = (api, call) => api.create(call);
const update: PassCall["answer"] = (api, call, path) => api.update(call, path, "merge");
const replace: PassCall["answer"] = (api, call, path) => api.update(call, path, "replace");
const makeVoid: PassCall["answer"] = (api, call, path) => api.setVoided(call, path, true);
const makeGood: PassCall["answer"] = (api, call, path) => api.setVoided(call, path, false);
const expire: PassCall["answer"] = (api, call, path) => api.setExpired(call, path, true);
const unexpire: PassCall["answer"] = (api, call, path) => api.setExpired(call, path, false);
const remove: PassCall["answer"] = (api, call, path) => api.remove(call, path);

/**
 * PassNinja's calls, each once more as a `POST`, because Klaviyo's flows can only post. Those in this list are kept when
 * they are refused, and can be replayed.
 */
export const PASS_CALLS: readonly PassCall[] = [
  { method: "POST", path: PASSES, operation: passes.issuePass, answer: issue },
  { method: "PUT", path: PASS, operation: passes.replacePass, answer: replace },
  { method: "PATCH", path: PASS, operation: passes.updatePass, answer: update },
  { method: "DELETE", path: PASS, operation: passes.deletePass, answer: remove },
  { method: "POST", path: PASS, operation: passes.updatePassByPost, answer: update },
  { method: "POST", path: `${PASS}/void`, operation: passes.voidPass, answer: makeVoid },
  { method: "POST", path: `${PASS}/unvoid`, operation: passes.unvoidPass, answer: makeGood },
  { method: "POST", path: `${PASS}/expire`, operation: passes.expirePass, answer: expire },
  { method: "POST", path: `${PASS}/unexpire`, operation: passes.unexpirePass, answer: unexpire },
  { method: "POST", path: `${PASS}/delete`, operation: passes.deletePassByPost, answer: remove },
  { method: "POST", path: PERSON, operation: personPasses.updatePersonPass, answer: update },
  { method: "POST", path: `${PERSON}/void`, operation: personPasses.voidPersonPass, answer: makeVoid },
  { method: "POST", path: `${PERSON}/unvoid`, operation: personPasses.unvoidPersonPass, answer: makeGood },
  { method: "POST", path: `${PERSON}/expire`, operation: personPasses.expirePersonPass, answer: expire },
  { method: "POST", path: `${PERSON}/unexpire`, operation: personPasses.unexpirePersonPass, answer: unexpire },
  { method: "POST", path: `${PERSON}/delete`, operation: personPasses.deletePersonPass, answer: remove },
];

/** The name of a call in the list of refused ones. */
export const routeOf = ({ method, path }: PassCall): string => `${method} ${path}`;
