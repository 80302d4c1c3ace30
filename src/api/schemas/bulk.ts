import { type Static, Type } from "@sinclair/typebox";
import { BULK_MODES } from "../../passes/bulk/bulk.ts";
import { literals } from "../../templates/definition.ts";
import { nullable, strict, Time, Url } from "./common.ts";
import { ErrorObject } from "./error.ts";

const count = (description: string) => Type.Integer({ minimum: 0, description });

/** A file of passes, and how far it is. */
export const BulkJobObject = Type.Object(
  {
    id: Type.String(),
    mode: literals(BULK_MODES),
    passTemplate: nullable(Type.String({ description: "Of the lines that name none." })),
    state: literals(["receiving", "running", "done", "cancelled"]),
    total: count("Lines in all."),
    done: count("Lines that are done."),
    failed: count("Lines that were refused."),
    cancelled: count("Lines that will not be done."),
    unusedColumns: Type.Array(Type.String(), { description: "Columns that an update does not read." }),
    createdAt: Time,
    finishedAt: nullable(Time),
    error: nullable(Type.String({ description: "Why it does not go on just now." })),
  },
  { ...strict, $id: "BulkJob" },
);
export type BulkJobObject = Static<typeof BulkJobObject>;

const line = Type.Integer({ minimum: 1, description: "As a spreadsheet or an editor counts." });

/** What became of a line. */
export const LineResultObject = Type.Union(
  [
    Type.Object(
      {
        line,
        state: Type.Literal("done"),
        outcome: literals(["created", "updated", "unchanged"]),
        serialNumber: Type.String(),
        url: Url,
      },
      strict,
    ),
    Type.Object(
      {
        line,
        state: Type.Literal("failed"),
        error: ErrorObject.properties.error,
        code: ErrorObject.properties.code,
        details: ErrorObject.properties.details,
      },
      strict,
    ),
    Type.Object({ line, state: literals(["pending", "cancelled"]) }, strict),
  ],
  { $id: "LineResult", description: "What became of a line, as a call for this one pass would have been answered." },
);
