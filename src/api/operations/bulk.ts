import { Type } from "@sinclair/typebox";
import { BULK_MODES } from "../../passes/bulk/bulk.ts";
import { literals } from "../../templates/definition.ts";
import type { Operation, Parameter, Refusal } from "../openapi/operation.ts";
import { invalid, notFound } from "../openapi/refusal.ts";
import { BulkJobObject, LineResultObject } from "../schemas/bulk.ts";
import { jsonLines } from "../schemas/common.ts";
import { IssueBody } from "../schemas/pass-body.ts";
import { BULK_JOB, BULK_JOB_DONE, JOB_ID, PASS, SERIAL } from "./examples.ts";
import { TEMPLATE_IN_PATH } from "./parameters.ts";

const TAG = "Many passes";
const NO_SUCH_JOB = notFound("There is no such job.", "There is no such job.");

const JOB_IN_PATH: Parameter = {
  name: "id",
  in: "path",
  description: "Id of the job.",
  schema: Type.String(),
  example: JOB_ID,
};

const lines = (...objects: readonly object[]): string => objects.map((object) => JSON.stringify(object)).join("\n");

const TOO_LARGE: Refusal = {
  ...{ status: 413, code: "TOO_LARGE", when: "The file has more than 32 MB, or more than 200,000 lines." },
  error: "The file is larger than 32 MB. Send it in parts.",
};

export const sendFile: Operation = {
  operationId: "sendPassFile",
  tag: TAG,
  summary: "Issue or change many passes",
  description: `Takes a file with a pass on each line and works it off in the background; \`GET /v1/jobs/{id}\` says how far it is. Nothing is left of a file that does not come whole, and one line that is refused does not stop the others.

- **Newline-delimited JSON**: each line is the body of a call for one pass. To change passes it names \`serialNumber\`.
- **CSV**: the first row names the columns. A field is \`pass.NAME\` or just its name, the person \`email\`, \`name\`, \`phone\`, \`externalId\` and \`klaviyoId\`. To change passes there is a column \`serial\`, as in an export; its other columns are not read. A blank cell says nothing. Commas, semicolons and tabs are understood.`,
  permission: "issue",
  parameters: [
    {
      name: "mode",
      in: "query",
      description: "Whether each line is a pass to issue, or gives a pass new values.",
      schema: literals(BULK_MODES),
      required: true,
      example: "issue",
    },
    {
      ...TEMPLATE_IN_PATH,
      in: "query",
      description: "Template of the lines that name none. A CSV file needs it.",
    },
    {
      name: "Idempotency-Key",
      in: "header",
      description: "Names this file: sent again under it, the answer is the job that there is.",
      schema: Type.String(),
    },
  ],
  body: [
    {
      mediaType: "application/x-ndjson",
      schema: jsonLines(IssueBody),
      examples: {
        file: {
          summary: "A pass on each line",
          value: lines(
            { pass: { "member-name": "Ann Lee", "points-balance": 20 }, recipient: { email: "ann.lee@example.com" } },
            { pass: { "member-name": "Bo Chen" }, recipient: { email: "bo.chen@example.com" } },
          ),
        },
      },
    },
    {
      mediaType: "text/csv",
      schema: Type.String(),
      examples: {
        file: {
          summary: "A pass in each row",
          value: "email,member-name,points-balance\nann.lee@example.com,Ann Lee,20\nbo.chen@example.com,Bo Chen,",
        },
      },
    },
  ],
  answers: [{ description: "The job.", schema: BulkJobObject, example: BULK_JOB }],
  refusals: [
    invalid(
      "`mode` or the media type is missing or not known, or the file cannot be read.",
      '"mode" must be one of issue, update.',
    ),
    notFound("There is no such template.", 'There is no template "ptk_0x2".'),
    TOO_LARGE,
  ],
};

export const getJob: Operation = {
  operationId: "getJob",
  tag: TAG,
  summary: "See how far a file is",
  description: "Jobs are kept for 30 days.",
  permission: "read",
  parameters: [JOB_IN_PATH],
  answers: [{ description: "The job.", schema: BulkJobObject, example: BULK_JOB_DONE }],
  refusals: [NO_SUCH_JOB],
};

export const cancelJob: Operation = {
  operationId: "cancelJob",
  tag: TAG,
  summary: "Cancel the rest of a file",
  description: "The lines that are not done will not be; what is done stays. Good for a finished job as well.",
  permission: "issue",
  parameters: [JOB_IN_PATH],
  answers: [
    {
      description: "The job.",
      schema: BulkJobObject,
      example: BULK_JOB_DONE,
    },
  ],
  refusals: [NO_SUCH_JOB],
};

export const listJobResults: Operation = {
  operationId: "listJobResults",
  tag: TAG,
  summary: "See what became of each line",
  description: "In the order of the lines, also while the job is at work.",
  permission: "read",
  parameters: [JOB_IN_PATH],
  answers: [
    {
      description: "A result for each line of the file.",
      mediaType: "application/x-ndjson",
      schema: jsonLines(LineResultObject),
      example: lines(
        { line: 1, state: "done", outcome: "created", serialNumber: SERIAL, url: PASS.url },
        {
          ...{ line: 2, state: "failed", error: "The pass cannot be issued: pass.member-name is required." },
          ...{ code: "INVALID", details: [{ path: "pass.member-name", message: "is required" }] },
        },
      ),
    },
  ],
  refusals: [NO_SUCH_JOB],
};
