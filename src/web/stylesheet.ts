import { createHash } from "node:crypto";
import css from "./style.css" with { type: "text" };

export const STYLESHEET = css;

/** Named after its content, so that browsers keep it until it changes. */
export const STYLESHEET_PATH = `/assets/${createHash("sha256").update(css).digest("hex").slice(0, 12)}.css`;
