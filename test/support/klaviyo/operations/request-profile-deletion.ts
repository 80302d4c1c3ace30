import { DataPrivacyCreateDeletionJobQuery } from "../body-schemas.ts";
import { invalid } from "../errors.ts";
import { checkIdentifiers } from "../identifiers.ts";
import { operation } from "../operation.ts";

const PROFILE = "/data/attributes/profile/data";

export const requestProfileDeletion = operation({
  operationId: "request_profile_deletion",
  method: "POST",
  path: "/api/data-privacy-deletion-jobs",
  limits: { burst: 3, steady: 60 },
  scopes: ["data-privacy:write"],
  body: DataPrivacyCreateDeletionJobQuery,
  handle({ body }, account) {
    const { id, attributes } = body.data.attributes.profile.data;
    const { email, phone_number: phone } = attributes;
    if ([id, email, phone].filter((value) => typeof value === "string").length !== 1) {
      throw invalid({ pointer: PROFILE, detail: "Exactly one of 'id', 'email' and 'phone_number' is required." });
    }
    checkIdentifiers(attributes, `${PROFILE}/attributes`);
    const { profiles, events, objectRecords, timeline, delays } = account;
    timeline.after(delays.deletionMs, () => {
      const found =
        typeof id === "string"
          ? profiles.find(id)
          : typeof email === "string"
            ? profiles.ownerOf("email", email)
            : profiles.ownerOf("phone_number", phone ?? "");
      if (found === undefined) return;
      profiles.remove(found);
      events.deleteOf(found.id);
      objectRecords.unlink(found.id);
    });
    return { status: 202 };
  },
});
