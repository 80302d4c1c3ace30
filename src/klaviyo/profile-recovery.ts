import { isObject, type Json } from "../templates/placeholders.ts";
import { errorsOf, klaviyoErrorText } from "./client.ts";
import type { DeliveryAnswer } from "./delivery.ts";
import type { ProfileTarget } from "./requests.ts";

export interface NextTry {
  readonly target: ProfileTarget | undefined;
  readonly withExternalId: boolean;
  readonly note?: string;
}

/** Another way to write the same profile, where the answer shows one; each way is tried once. */
export function recover(
  answer: DeliveryAnswer,
  target: ProfileTarget,
  others: ProfileTarget[],
  withExternalId: boolean,
): NextTry | undefined {
  if (answer.type !== "answered") return undefined;
  if (answer.status === 409) {
    // The serial belongs to another profile already: this one is told everything but its external_id.
    if (target.by === "id") {
      if (!withExternalId) return undefined;
      return { target, withExternalId: false, note: "external_id was not set: Klaviyo has it on another profile." };
    }
    const id = duplicateProfileId(answer.body);
    return id === undefined
      ? undefined
      : {
          target: { by: "id", id },
          withExternalId: false,
          note: `Klaviyo knows the ${target.by} on another profile, which was written to.`,
        };
  }
  if (answer.status === 404 && target.by === "id") {
    // The profile was merged into another or deleted: the identifiers lead to what it became.
    return { target: others.shift(), withExternalId, note: `Klaviyo no longer has the profile ${target.id}.` };
  }
  if (
    answer.status === 400 &&
    target.by !== "id" &&
    errorsOf(answer.body).some((error) => pointsAt(error, target.by))
  ) {
    return {
      target: others.shift(),
      withExternalId,
      note: `Klaviyo does not accept the ${target.by}; it was left out. ${klaviyoErrorText(answer)}`,
    };
  }
  return undefined;
}

function duplicateProfileId(body: Json): string | undefined {
  for (const { meta } of errorsOf(body)) {
    if (isObject(meta) && typeof meta["duplicate_profile_id"] === "string") return meta["duplicate_profile_id"];
  }
  return undefined;
}

const pointsAt = (error: { readonly [key: string]: Json }, attribute: string): boolean =>
  isObject(error["source"]) && String(error["source"]["pointer"]).endsWith(`/attributes/${attribute}`);
