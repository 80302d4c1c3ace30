import { isPrivateHost } from "../../../private-host.ts";
import { passDateMs } from "../../format/values.ts";
import { passRule } from "../rule.ts";
import { show } from "../words.ts";

/** Address and token of the web service mean nothing without each other. */
export const serviceAndToken = passRule({
  id: "APL109",
  severity: "error",
  summary: "only one of webServiceURL and authenticationToken, or a token of fewer than 16 characters",
  effect: "pass never updates",
  mark: "documented",
  *check({ pass, shape }) {
    const hasUrl = pass["webServiceURL"] !== undefined;
    if (hasUrl && pass["authenticationToken"] === undefined) {
      yield {
        path: "pass.authenticationToken",
        message: "is missing: phones cannot prove who they are to webServiceURL",
      };
    }
    if (!hasUrl && pass["authenticationToken"] !== undefined) {
      yield { path: "pass.webServiceURL", message: "is missing: phones do not know where to show authenticationToken" };
    }
    for (const { path } of shape.get("APL109") ?? []) {
      yield { path, message: "must have at least 16 characters; make a random one for each pass" };
    }
  },
});

/** Phones append their own path to this address, from wherever they are. */
export const serviceUrl = passRule({
  id: "APL110",
  severity: "error",
  summary: "webServiceURL is not https, is on a private host, or has a query or fragment",
  effect: "pass never updates",
  mark: "documented",
  *check({ pass, context }) {
    const text = pass["webServiceURL"];
    if (typeof text !== "string") return;
    const path = "pass.webServiceURL";
    if (!URL.canParse(text)) {
      yield { path, message: `is not an address: ${show(text)}` };
      return;
    }
    const url = new URL(text);
    const production = context.production !== false;
    if (url.protocol !== "https:" && (production || url.protocol !== "http:")) {
      yield { path, message: `must begin with https://, not ${url.protocol}` };
    }
    if (production && isPrivateHost(url.hostname)) {
      yield { path, message: `${url.hostname} cannot be reached by phones; use a public name` };
    }
    if (url.search !== "" || url.hash !== "") {
      yield { path, message: "must have no ? and no #, for phones append /v1/… to it" };
    }
  },
});

/** Two records with one identity take each other's place on the phone. */
export const serialNumberTaken = passRule({
  id: "APL111",
  severity: "error",
  summary: "serialNumber is already used in this pass type by another record",
  effect: "overwrites the other pass",
  mark: "documented",
  *check({ pass, context }) {
    if (context.serialNumberTaken) {
      yield {
        path: "pass.serialNumber",
        message: `${show(pass["serialNumber"])} belongs to another pass of this type already; choose a new one`,
      };
    }
  },
});

/** What a phone knows a pass by must never change. */
export const constantIdentity = passRule({
  id: "APL112",
  severity: "error",
  summary: "a new revision changes serialNumber, authenticationToken or passTypeIdentifier",
  effect: "updates stop, or a second pass appears",
  mark: "documented",
  *check({ pass, context: { previous } }) {
    if (!previous) return;
    for (const key of ["passTypeIdentifier", "serialNumber", "authenticationToken"] as const) {
      if (previous[key] !== undefined && pass[key] !== previous[key]) {
        yield {
          path: `pass.${key}`,
          message: "is not the one that phones have; it stays the same for the life of a pass",
        };
      }
    }
  },
});

/** Whoever adds it never sees it. An update may well void a pass. */
export const endedAtIssue = passRule({
  id: "APL113",
  severity: "warning",
  summary: "a pass is issued that is voided or expired already",
  effect: "hidden on arrival",
  mark: "documented",
  *check({ pass, context }) {
    if (context.previous) return;
    if (pass["voided"] === true)
      yield { path: "pass.voided", message: "is true: the pass is greyed out and hidden as soon as it is added" };
    const expires = passDateMs(pass["expirationDate"]);
    if (expires !== undefined && expires <= context.now) {
      yield { path: "pass.expirationDate", message: "has passed: Wallet hides the pass as soon as it is added" };
    }
  },
});
