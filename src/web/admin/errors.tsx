/** @jsxImportSource preact */
import { AppError } from "../../errors.ts";
import { LinkButton } from "./components/button.tsx";
import { Page } from "./components/page.tsx";
import { renderFramed, renderPlain } from "./frame.tsx";
import type { Visit } from "./visit.ts";

/** The page that stands for what went wrong; the text of an unknown error stays inside. */
export function renderError(error: unknown, visit: Visit | undefined): string {
  const { title, text } = wordsFor(error);
  if (!visit) {
    return renderPlain(
      title,
      <>
        <h1>{title}</h1>
        <p>{text}</p>
        <LinkButton href="/admin">Go to the first page</LinkButton>
      </>,
    );
  }
  return renderFramed({
    visit,
    section: undefined,
    title,
    children: (
      <Page title={title} lead={text}>
        <LinkButton href={visit.to("")}>Go to the overview</LinkButton>
      </Page>
    ),
  });
}

function wordsFor(error: unknown): { title: string; text: string } {
  const known = error instanceof AppError ? error : new AppError("internal", "");
  const text = known.message;
  switch (known.code) {
    case "not_found":
      return { title: "This was not found", text };
    case "forbidden":
    case "unauthorized":
      return { title: "This is not allowed", text };
    case "gone":
      return { title: "This is gone", text };
    case "rate_limited":
      return { title: "Too many attempts", text };
    case "unavailable":
      return { title: "This does not work now", text };
    case "invalid":
    case "conflict":
    case "too_large":
    case "not_implemented":
      return { title: "This cannot be done", text };
    case "internal":
      return {
        title: "Something went wrong here",
        text: "It was logged. Try again; if it stays, look into the server's log.",
      };
    default:
      return known.code satisfies never;
  }
}
