import { type Static, Type } from "@sinclair/typebox";
import { PASS_STATUSES } from "../../passes/status.ts";
import { literals } from "../../templates/definition.ts";
import { nullable, Time } from "./common.ts";

const serial = Type.String({ description: "Serial number: 26 characters of lower-case Crockford base32." });
const template = Type.String({ description: "Id of the template." });
const address = Type.String({ pattern: "^https?://" });

/** A pass. The serial number and the template appear under every name that clients read. */
export const PassObject = Type.Object(
  {
    id: serial,
    passId: serial,
    serialNumber: serial,
    passTemplate: template,
    passType: template,
    status: literals(PASS_STATUSES),
    issuedDate: Time,
    installedDate: nullable(Time),
    createdAt: Time,
    url: address,
    urls: Type.Object({ landing: address, apple: address, google: Type.Null() }, { additionalProperties: false }),
    pass: Type.Record(Type.String(), Type.String(), {
      description: "The fields' values, always as text; a default stands in for a value that is not there.",
    }),
  },
  { additionalProperties: false },
);
export type PassObject = Static<typeof PassObject>;

/** `next` is the cursor of the page that follows; null on the last. */
export const PassList = Type.Object(
  { passes: Type.Array(PassObject), next: nullable(Type.String()) },
  { additionalProperties: false },
);
export type PassList = Static<typeof PassList>;

export const DeletedPass = Type.Pick(PassObject, ["id", "serialNumber", "passTemplate", "passType", "status"]);
