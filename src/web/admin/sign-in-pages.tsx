/** @jsxImportSource preact */
import type { LinkOffer } from "../../admins/links.ts";
import { Button } from "./components/button.tsx";
import { CodeBlock } from "./components/code-block.tsx";
import { Field } from "./components/field.tsx";
import { Form, Hidden } from "./components/form.tsx";
import type { FormState } from "./form-state.ts";
import { renderPlain } from "./frame.tsx";

export function renderSignIn(next: string, form: FormState, problem?: string): string {
  return renderPlain(
    "Sign in",
    <>
      <h1>Sign in</h1>
      <Form action="/admin/sign-in">
        <Hidden name="next" value={next} />
        <Field label="E-mail" type="email" autocomplete="username" autofocus {...form.field("email")} />
        <Field label="Password" type="password" autocomplete="current-password" {...form.field("password")} />
        <Button tone="primary">Sign in</Button>
      </Form>
      <p class="aside">
        Forgotten the password? An owner can give you a link to choose a new one, and so can the command{" "}
        <code>passhook admin reset</code> on the server.
      </p>
    </>,
    problem,
  );
}

/** A new server: nobody can sign in yet. */
export function renderNoAdmin(): string {
  return renderPlain(
    "Welcome",
    <>
      <h1>Welcome to Passhook</h1>
      <p>
        Nobody has access yet. Open the link that the server printed when it started, or make another on the server:
      </p>
      <CodeBlock code="passhook admin link" label="Command" />
    </>,
  );
}

/** What a one-time link offers, as a form: opening the link itself changes nothing. */
export function renderLink(offer: LinkOffer, token: string, form: FormState, problem?: string): string {
  const { title, text, button } = wordsFor(offer);
  return renderPlain(
    title,
    <>
      <h1>{title}</h1>
      <p>{text}</p>
      <Form action={`/admin/link/${encodeURIComponent(token)}`}>
        {offer.kind === "setup" ? (
          <Field label="E-mail" type="email" autocomplete="username" required autofocus {...form.field("email")} />
        ) : (
          // For password managers, which keep an address with the password.
          <Field label="E-mail" name="email" type="email" autocomplete="username" value={offer.email} readonly />
        )}
        {offer.kind !== "sign-in" && (
          <Field
            label="Password"
            type="password"
            autocomplete="new-password"
            hint="At least 12 characters."
            required
            {...form.field("password")}
          />
        )}
        <Button tone="primary">{button}</Button>
      </Form>
    </>,
    problem,
  );
}

function wordsFor(offer: LinkOffer): { title: string; text: string; button: string } {
  switch (offer.kind) {
    case "setup":
      return {
        title: "Welcome to Passhook",
        text: "You are the first here and will be its owner. Choose how you sign in.",
        button: "Create my access",
      };
    case "invite":
      return {
        title: "You are invited",
        text: `Choose a password for ${offer.email}. You will be ${offer.role === "viewer" ? "a viewer" : `an ${offer.role}`}.`,
        button: "Accept the invitation",
      };
    case "reset":
      return {
        title: "Choose a new password",
        text: `For ${offer.email}. You will be signed out everywhere else.`,
        button: "Save the password",
      };
    case "sign-in":
      return { title: "Sign in", text: `As ${offer.email}.`, button: "Sign in" };
    default:
      return offer satisfies never;
  }
}
