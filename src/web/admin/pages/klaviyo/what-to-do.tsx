/** @jsxImportSource preact */
import type { Visit } from "../../visit.ts";
import { adviceOn, reasonWords } from "./words.ts";

/** What Klaviyo said, and the next step, with its link for those who may take it. */
export function WhatToDo({ reason, visit }: { reason: string; visit: Visit }) {
  const { text, link } = adviceOn(reason);
  return (
    <>
      {reasonWords(reason)} <strong>{text}</strong>{" "}
      {link && (link.path !== "/klaviyo/connect" || visit.may("owner")) && (
        <a href={visit.to(link.path)}>{link.label}</a>
      )}
    </>
  );
}
