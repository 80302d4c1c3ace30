import { type TSchema, Type } from "@sinclair/typebox";
import { PASS_STATUSES } from "../../passes/status.ts";
import type { Operation, Parameter } from "../openapi/operation.ts";
import { invalid, notFound } from "../openapi/refusal.ts";
import { jsonLines } from "../schemas/common.ts";
import { FoundPass, FoundPassList } from "../schemas/recipient.ts";
import { EMAIL, PASS, RECIPIENT, RECIPIENT_ID, SERIAL, TEMPLATE_ID } from "./examples.ts";

const TAG = "Many passes";
const FOUND = { ...PASS, recipient: RECIPIENT };
const NO_SUCH_TEMPLATE = notFound("There is no such template.", 'There is no template "ptk_0x2".');

const filter = (name: string, description: string, schema: TSchema = Type.String()): Parameter => ({
  ...{ name, in: "query", description, schema },
});

const FILTERS: readonly Parameter[] = [
  { ...filter("template", "Passes of this template, also of one that was deleted."), example: TEMPLATE_ID },
  { ...filter("state", `One or more of ${PASS_STATUSES.join(", ")}, with commas.`), example: "issued,installed" },
  filter("serial", "The beginning of a serial number, four characters at least."),
  filter("name", "The beginning of a name; case and accents do not matter."),
  filter("email", "A whole address, or its beginning with a `*`: `sarah*`."),
  filter("phone", "A phone number with its country code."),
  filter("externalId", "The whole external id."),
  filter("klaviyoId", "Klaviyo's id of the profile."),
  filter("since", "Issued on this day or later: `2026-11-21`, `2026-11-21T18:30:00Z`."),
  filter("until", "Issued on this day or earlier; a day counts to its end (UTC)."),
];

const NOT_UNDERSTOOD = invalid(
  "A parameter is not known, is there twice or is empty, or its value means nothing.",
  `The search cannot be understood: state is not one of ${PASS_STATUSES.join(", ")} (did you mean "issued"?).`,
  [{ path: "state", message: `is not one of ${PASS_STATUSES.join(", ")} (did you mean "issued"?)` }],
);

export const searchPasses: Operation = {
  operationId: "searchPasses",
  tag: TAG,
  summary: "Find passes",
  description:
    "The passes that everything given is true of, the newest first. A page that looked at many passes and found few may be short, or even empty, and still have a `next`.",
  permission: "read",
  parameters: [
    ...FILTERS,
    filter("limit", "Length of a page.", Type.Integer({ minimum: 1, maximum: 1_000, default: 50 })),
    filter("after", "`next` of the page before."),
  ],
  answers: [{ description: "A page of them.", schema: FoundPassList, example: { passes: [FOUND], next: null } }],
  refusals: [NOT_UNDERSTOOD, NO_SUCH_TEMPLATE],
};

const COLUMNS =
  "serial,template,state,status,url,createdAt,updatedAt,installedAt,expiredAt,recipient.id,recipient.name,recipient.email,recipient.phone,recipient.externalId,recipient.klaviyoId";
const ROW = `${SERIAL},${TEMPLATE_ID},active,issued,${PASS.url},${PASS.createdAt},${PASS.createdAt},,,${RECIPIENT_ID},Sarah Miller,${EMAIL},,,`;

export const exportPasses: Operation = {
  operationId: "exportPasses",
  tag: TAG,
  summary: "Take passes out as a file",
  description:
    "All passes that everything given is true of, the newest first, as CSV or with `format=ndjson` as newline-delimited JSON. The file is written while it is sent. A CSV file that was changed in a spreadsheet can be sent back (`POST /v1/passes/bulk?mode=update`).",
  permission: "read",
  parameters: [
    ...FILTERS,
    filter("format", "Of the file.", Type.Union([Type.Literal("csv"), Type.Literal("ndjson")], { default: "csv" })),
  ],
  answers: [
    {
      description: "The file.",
      mediaType: "text/csv",
      schema: Type.String({ description: "A column for each field follows the fixed ones, as `pass.NAME`." }),
      example: `${COLUMNS},pass.member-name,pass.points-balance,pass.member-level\r\n${ROW},Sarah Miller,70,\r\n`,
    },
    {
      description: "The file.",
      mediaType: "application/x-ndjson",
      schema: jsonLines(FoundPass),
      example: `${JSON.stringify(FOUND)}\n`,
    },
  ],
  refusals: [NOT_UNDERSTOOD, NO_SUCH_TEMPLATE],
};
