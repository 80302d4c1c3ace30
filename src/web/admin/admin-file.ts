import type { Role } from "../../admins/role.ts";
import type { Visit } from "./visit.ts";

/** A file that pages show, such as an image of a template; whatever it is, its address changes with its content. */
export interface AdminFile {
  /** Below the account. */
  readonly path: string;
  /** The least role that may have it. */
  readonly role: Role;
  load(visit: Visit): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string }>;
}
