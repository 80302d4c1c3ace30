import { PERSONALIZATION_FIELDS } from "../../format/personalization.ts";
import { passRule } from "../rule.ts";
import { mismatch } from "../shape.ts";
import { show } from "../words.ts";

/** The form needs its text, its items, and somebody to send them to. */
export const personalizationForm = passRule({
  id: "APL601",
  severity: "error",
  summary: "personalization.json without description, with an empty or unknown list of fields, or without web service",
  effect: "sign-up fails",
  mark: "documented",
  *check({ context, pass, personalizationShape }) {
    if (context.personalization === undefined) return;
    for (const problems of personalizationShape.values()) {
      for (const problem of problems) {
        const { path, fault, value } = problem;
        if (fault === "unknown") continue;
        if (fault === "missing") yield { path, message: `is ${value === "" ? "empty" : "missing"}` };
        else if (Array.isArray(value))
          yield { path, message: `is empty; ask for one of ${PERSONALIZATION_FIELDS.join(", ")}` };
        else if (fault === "value")
          yield { path, message: `${show(value)} is not known; there are ${PERSONALIZATION_FIELDS.join(", ")}` };
        else yield { path, message: mismatch(problem) };
      }
    }
    if (pass["webServiceURL"] === undefined) {
      yield {
        path: "pass.webServiceURL",
        message: "is missing: personalization.json needs a web service to send the form to",
      };
    }
  },
});

/** The form must be gone for those who filled it in. */
export const personalizedPass = passRule({
  id: "APL602",
  severity: "error",
  summary: "the revision for somebody who signed up still contains personalization.json",
  effect: "asked to sign up again",
  deviceMessage: "Personalization request was issued for serial number '…', but the pass was unchanged.",
  mark: "community",
  *check({ context, pass }) {
    if (context.personalized && context.personalization !== undefined) {
      yield {
        path: "personalization.json",
        message: "must not be in the pass of somebody who has signed up; leave it out of this revision",
        deviceMessage: `Personalization request was issued for serial number '${String(pass["serialNumber"])}', but the pass was unchanged.`,
      };
    }
  },
});
