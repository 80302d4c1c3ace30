import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import type { OneTimeLink } from "../admins/links.ts";
import { isRole, ROLES, type Role } from "../admins/role.ts";
import { toIso } from "../clock.ts";
import { type CliIo, command, pageOfOptions, pageOptions, textOption } from "./context.ts";
import { facts, type Output, print, printPage } from "./output.ts";

/** `admin`: the people who sign in to the pages under `/admin`. */
export function adminCommands(io: CliIo, program: Command): void {
  const admin = program.command("admin").description("people who may use the pages under /admin");

  command(
    io,
    admin,
    "create",
    "give somebody access: with a password, or a one-time link to choose one",
    async ({ output, withApp }, _, options) => {
      const email = textOption(options, "email") ?? "";
      const role = roleOption(options);
      const file = textOption(options, "passwordFile");
      if (file === undefined) {
        printLink(output, await withApp((app) => app.access.links.invite(email, role)));
        return;
      }
      const password = readFileSync(file, "utf8").replace(/\r?\n$/, "");
      const created = await withApp((app) => app.access.admins.create({ email, password, role }));
      print(output, { id: created.id, email: created.email, role: created.role }, () =>
        facts([
          ["admin", created.email],
          ["role", created.role],
        ]),
      );
    },
  )
    .requiredOption("--email <email>", "address to sign in with")
    .option("--password-file <file>", "file with the password (default: a link to choose one)")
    .addOption(new Option("--role <role>", "what they may do").choices(ROLES).default("owner"));

  pageOptions(
    command(io, admin, "list", "list admins", async ({ output, withApp }, _, options) => {
      const page = await withApp((app) => app.access.admins.list(pageOfOptions(options)));
      const items = page.items.map(({ id, email, role, createdAt, disabledAt }) => ({
        id,
        email,
        role,
        createdAt: toIso(createdAt),
        disabledAt: disabledAt === null ? null : toIso(disabledAt),
      }));
      printPage(output, { ...page, items }, "There is no admin yet. Make one with: passhook admin link");
    }),
  );

  command(
    io,
    admin,
    "reset",
    "print a one-time link by which an admin chooses a new password",
    async ({ output, withApp }, _, options) => {
      printLink(output, await withApp((app) => app.access.links.reset(textOption(options, "email") ?? "")));
    },
  ).requiredOption("--email <email>", "whose password");

  command(
    io,
    admin,
    "link",
    "print a one-time link that signs in; the first one makes the first admin",
    async ({ output, withApp }, _, options) => {
      printLink(output, await withApp((app) => app.access.links.signIn(textOption(options, "email"))));
    },
  ).option("--email <email>", "who signs in (default: the first owner)");
}

function printLink(output: Output, { kind, email, role, url, expiresAt }: OneTimeLink): void {
  const until = toIso(expiresAt);
  print(output, { kind, email, role, url, expiresAt: until }, () =>
    facts([
      ["link", url],
      ["for", email ?? "the first admin"],
      ["works", `once, until ${until}`],
    ]),
  );
}

function roleOption(options: Readonly<Record<string, unknown>>): Role {
  const role = textOption(options, "role") ?? "";
  return isRole(role) ? role : "owner";
}
