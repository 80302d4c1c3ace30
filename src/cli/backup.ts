import { join, resolve } from "node:path";
import type { Command } from "commander";
import { systemClock, toIso } from "../clock.ts";
import { backUpDatabase, noteBackup } from "../db/backup.ts";
import { restoreDatabase } from "../db/restore.ts";
import { checkMasterKey, checkStoredSecrets } from "../doctor/secrets.ts";
import { AppError } from "../errors.ts";
import { type CliIo, command, wholeNumber } from "./context.ts";
import { facts, print } from "./output.ts";

/** `backup`, `restore`. */
export function backupCommands(io: CliIo, program: Command): void {
  command(
    io,
    program,
    "backup [folder]",
    "copy the database into a folder, also while the server runs",
    async ({ output, resolved }, [folder], options) => {
      const { dataDir } = resolved.config;
      const keep = options["keep"] as number | undefined;
      const into = resolve(folder ?? join(dataDir, "backups"));
      const { removed, ...backup } = backUpDatabase(join(dataDir, "passhook.db"), into, {
        now: systemClock.now(),
        keep,
      });
      noteBackup(dataDir, backup);
      print(output, { ...backup, at: toIso(backup.at), removed }, () =>
        [
          facts([
            ["backup", backup.file],
            ["size", `${(backup.bytes / 1024 / 1024).toFixed(1)} MB`],
            ["removed", removed.join(", ")],
          ]),
          "",
          "The master key is not in it, and stored keys cannot be read without: keep a copy of it, in another place.",
        ].join("\n"),
      );
    },
  ).option("--keep <n>", "leave so many backups in the folder, the newest", wholeNumber());

  command(
    io,
    program,
    "restore <file>",
    "put a backup in the place of the database; the server must not run",
    async ({ output, resolved, withApp }, [file = ""]) => {
      const { dataDir } = resolved.config;
      const { check, ready } = checkMasterKey(dataDir, resolved.secrets.masterKey, false);
      // The next start would make another one, with which nothing of the backup can be read.
      if (!ready) throw new AppError("conflict", `Nothing was restored. ${check.detail}`);
      const { before, passes } = restoreDatabase(resolve(file), join(dataDir, "passhook.db"), systemClock.now());
      const secrets = await withApp(async (app) => checkStoredSecrets(app.vault, await app.storedSecrets()));
      print(output, { file: resolve(file), before: before ?? null, passes, secrets: secrets.detail }, () =>
        facts([
          ["restored", resolve(file)],
          ["passes", passes],
          ["stored secrets", secrets.detail],
          ["as it was before", before],
        ]),
      );
      if (secrets.state !== "good") throw new AppError("conflict", `The backup was restored. ${secrets.detail}`);
    },
  );
}
