import { type Static, Type } from "@sinclair/typebox";
import { PASS_STATUSES } from "../../passes/status.ts";
import { literals } from "../../templates/definition.ts";
import { nullable, strict, Time, Url } from "./common.ts";

const serial = Type.String({ description: "Serial number: 26 characters of lower-case Crockford base32." });
const template = Type.String({ description: "Id of the template." });

/** A pass. The serial number and the template appear under every name that clients read. */
export const PassObject = Type.Object(
  {
    id: serial,
    passId: serial,
    serialNumber: serial,
    passTemplate: template,
    passType: template,
    status: literals(PASS_STATUSES, {
      description: "`issued`: in no wallet yet. `installed`: in a wallet. `uninstalled`: taken out of all of them.",
    }),
    issuedDate: Time,
    installedDate: nullable(Time),
    createdAt: Time,
    url: Url,
    urls: Type.Object(
      {
        landing: Type.String({ ...Url, description: "The link to give to the customer." }),
        apple: Type.String({ ...Url, description: "The package itself." }),
        google: Type.Null(),
      },
      strict,
    ),
    pass: Type.Record(Type.String(), Type.String(), {
      description: "The fields' values, always as text; a default stands in for a value that is not there.",
    }),
  },
  {
    ...strict,
    $id: "Pass",
    description:
      "An issued pass. Its serial number and its template stand there under every name that PassNinja's clients read.",
  },
);
export type PassObject = Static<typeof PassObject>;

/** `next` is the cursor of the page that follows; null on the last. */
export const PassList = Type.Object(
  {
    passes: Type.Array(PassObject),
    next: nullable(Type.String({ description: "`after` of the page that follows; `null` on the last." })),
  },
  { ...strict, $id: "PassList" },
);
export type PassList = Static<typeof PassList>;

export const DeletedPass = Type.Pick(PassObject, ["id", "serialNumber", "passTemplate", "passType", "status"], {
  $id: "DeletedPass",
  description: "What is left to say of a pass that has ended.",
});

/** Apple's pass.json, of which each template has its own keys. */
export const PassJson = Type.Record(Type.String(), Type.Unknown(), {
  $id: "PassJson",
  description: "Apple's `pass.json`: [Pass](https://developer.apple.com/documentation/walletpasses/pass).",
});

export const BundleBody = Type.Object(
  { serials: Type.Array(Type.String(), { minItems: 1, maxItems: 10, description: "Serial numbers, each once." }) },
  { $id: "BundleBody" },
);

export const BundleObject = Type.Object(
  {
    url: Type.String({ ...Url, description: "Leads to all of the passes in one file." }),
    expiresAt: Time,
    serialNumbers: Type.Array(Type.String()),
  },
  { ...strict, $id: "Bundle" },
);
