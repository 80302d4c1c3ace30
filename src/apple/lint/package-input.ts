import type { JsonObject } from "../../templates/placeholders.ts";
import type { Problem } from "./finding.ts";
import type { SignatureFacts } from "./read-signature.ts";

/** A package, taken apart once for all rules. */
export interface PackageInput {
  /** Milliseconds. */
  readonly now: number;
  /** Names of all files in the archive, also of those that could not be read. */
  readonly names: ReadonlySet<string>;
  /** What could be read. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly zipProblems: readonly Problem[];
  readonly jsonProblems: readonly Problem[];
  /** Absent when there is none, or when it is no JSON object. */
  readonly manifest: JsonObject | undefined;
  /** Absent when it is no JSON object. */
  readonly pass: JsonObject | undefined;
  readonly signature: SignatureFacts;
  /** Whether EC certificates were allowed expressly. */
  readonly allowEc: boolean;
}
