import type { ApiCall } from "./answer-call.ts";
import type { PassApi, PassPath } from "./pass-api.ts";
import type { PassObject } from "./pass-object.ts";

/** What every one of them answers, whatever else. */
export type PassAnswer = Pick<PassObject, "serialNumber" | "status">;

/** A call that issues or changes passes. */
export interface PassCall {
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  /** Pattern of the path, with `:template` and `:serial`. */
  readonly path: string;
  answer(api: PassApi, call: ApiCall, path: PassPath): Promise<PassAnswer>;
}

const PASSES = "/v1/passes";
export const PASS = `${PASSES}/:template/:serial`;
/** The newest pass of the person that the body names, for a flow that does not know the serial number. */
export const PERSON = `${PASSES}/:template/by-recipient`;

/**
 * PassNinja's calls, each once more as a `POST`, because Klaviyo's flows can only post. Those in this list are kept when
 * they are refused, and can be replayed.
 */
export const PASS_CALLS: readonly PassCall[] = [
  { method: "POST", path: PASSES, answer: (api, call) => api.create(call) },
  { method: "PUT", path: PASS, answer: (api, call, path) => api.update(call, path, "replace") },
  { method: "PATCH", path: PASS, answer: (api, call, path) => api.update(call, path, "merge") },
  { method: "DELETE", path: PASS, answer: (api, call, path) => api.remove(call, path) },
  ...[PASS, PERSON].flatMap((path): PassCall[] => [
    { method: "POST", path, answer: (api, call, path) => api.update(call, path, "merge") },
    { method: "POST", path: `${path}/void`, answer: (api, call, path) => api.setVoided(call, path, true) },
    { method: "POST", path: `${path}/unvoid`, answer: (api, call, path) => api.setVoided(call, path, false) },
    { method: "POST", path: `${path}/expire`, answer: (api, call, path) => api.setExpired(call, path, true) },
    { method: "POST", path: `${path}/unexpire`, answer: (api, call, path) => api.setExpired(call, path, false) },
    { method: "POST", path: `${path}/delete`, answer: (api, call, path) => api.remove(call, path) },
  ]),
];

/** The name of a call in the list of refused ones. */
export const routeOf = ({ method, path }: PassCall): string => `${method} ${path}`;
